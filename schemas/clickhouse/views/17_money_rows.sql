-- Money without a currency is in the workspace's own. Money of another currency becomes money of the reporting currency by the
-- rate of its day; without a rate it stays what it is, and is never added to the rest. Most money needs no rate: its rate_key is 0.
CREATE OR REPLACE VIEW money_rows
AS
WITH (SELECT (groupArray(workspace_id), groupArray(currency), groupArray(reporting_currency)) FROM workspace_settings) AS settings
SELECT
    moved.workspace_id AS workspace_id,
    moved.lone_key AS lone_key,
    moved.lone_profile_id AS lone_profile_id,
    moved.kind AS kind,
    moved.order_id AS order_id,
    moved.order_key AS order_key,
    moved.timestamp AS timestamp,
    moved.day AS day,
    moved.rate_key = 0 OR rates.rate > 0 AS is_reported,
    if(is_reported, moved.reporting_currency, moved.given_currency) AS currency,
    if(
        rates.rate = 0,
        toDecimal128(moved.signed, 4),
        toDecimal128(round(toDecimal128(moved.signed, 4) * rates.rate, 4), 4)
    ) AS amount
FROM
(
    SELECT
        happened.workspace_id AS workspace_id,
        happened.lone_key AS lone_key,
        happened.lone_profile_id AS lone_profile_id,
        happened.kind AS kind,
        happened.order_id AS order_id,
        happened.order_key AS order_key,
        happened.timestamp AS timestamp,
        happened.day AS day,
        toDate32(happened.day) AS rate_day,
        happened.kind = 'order' AS is_order,
        ifNull(if(is_order, happened.total, -coalesce(given_back.amount, abs(happened.total))), 0) AS signed,
        if(is_order OR happened.currency != '', happened.currency, given_back.currency) AS named_currency,
        if(named_currency = '', transform(toString(workspace_id), settings.1, settings.2, ''), named_currency) AS given_currency,
        transform(toString(workspace_id), settings.1, settings.3, '') AS reporting_currency,
        if(given_currency = reporting_currency, 0, cityHash64(toString(workspace_id), given_currency, reporting_currency)) AS rate_key
    FROM order_rows AS happened
    LEFT ANY JOIN whole_refunds AS given_back ON given_back.log_partition = happened.log_partition AND given_back.log_offset = happened.log_offset
) AS moved
ASOF LEFT JOIN
(
    SELECT cityHash64(toString(workspace_id), toString(currency), toString(to_currency)) AS rate_key, valid_from, rate
    FROM exchange_rates
) AS rates ON rates.rate_key = moved.rate_key AND rates.valid_from <= moved.rate_day
COMMENT 'One row an order or refund. Orders (positive) and refunds (negative) as money_moves shows them, under the lone profiles that they were recorded for: what adds them up by day need not know whose they are'
