-- Money without a currency is in the workspace's own. Money of another currency becomes money of the reporting currency by the
-- rate of its day; without a rate it stays what it is, and is never added to the rest.
CREATE OR REPLACE VIEW money_moves
AS
SELECT
    moved.workspace_id AS workspace_id,
    moved.person_key AS person_key,
    moved.profile_id AS profile_id,
    moved.kind AS kind,
    moved.order_id AS order_id,
    moved.order_key AS order_key,
    moved.timestamp AS timestamp,
    moved.day AS day,
    moved.given_currency = moved.reporting_currency OR rates.rate > 0 AS is_reported,
    if(is_reported, moved.reporting_currency, moved.given_currency) AS currency,
    if(moved.kind = 'order', 1, -1) * if(
        moved.given_currency = moved.reporting_currency OR rates.rate = 0,
        toDecimal128(ifNull(moved.total, 0), 4),
        toDecimal128(round(toDecimal128(ifNull(moved.total, 0), 4) * rates.rate, 4), 4)
    ) AS amount
FROM
(
    SELECT
        order_history.workspace_id AS workspace_id,
        person_key,
        profile_id,
        kind,
        order_id,
        order_key,
        timestamp,
        day,
        toDate32(day) AS rate_day,
        total,
        coalesce(nullIf(order_history.currency, ''), settings.currency, '') AS given_currency,
        toString(settings.reporting_currency) AS reporting_currency
    FROM order_history
    LEFT ANY JOIN workspace_settings AS settings ON settings.workspace_id = order_history.workspace_id
) AS moved
ASOF LEFT JOIN
(
    SELECT toString(workspace_id) AS workspace_id, toString(currency) AS currency, toString(to_currency) AS to_currency, valid_from, rate
    FROM exchange_rates
) AS rates
    ON rates.workspace_id = moved.workspace_id
    AND rates.currency = moved.given_currency
    AND rates.to_currency = moved.reporting_currency
    AND rates.valid_from <= moved.rate_day
COMMENT 'Orders (positive) and refunds (negative) with their day in the time zone of the workspace, in its reporting currency where that is or can be converted'
