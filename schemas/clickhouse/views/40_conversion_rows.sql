-- What one may want to explain: an order, or any other track event, each once. Money that cannot be converted into the reporting
-- currency counts as none, and is never added to the rest. That of other events than orders takes the rate of its day in UTC.
CREATE OR REPLACE VIEW conversion_rows
AS
WITH (SELECT mapFromArrays(groupArray(rate_key), groupArray(steps)) FROM exchange_rate_steps) AS rates
SELECT
    workspace_id,
    lone_key,
    lone_profile_id,
    'Order Completed' AS event,
    order_id AS conversion_id,
    timestamp AS converted_at,
    if(is_reported, amount, toDecimal128(0, 4)) AS value
FROM money_rows
WHERE kind = 'order'
UNION ALL
SELECT
    seen.workspace_id AS workspace_id,
    seen.lone_key AS lone_key,
    seen.lone_profile_id AS lone_profile_id,
    toString(seen.event) AS event,
    seen.message_id AS conversion_id,
    seen.timestamp AS converted_at,
    multiIf(
        seen.total IS NULL, toDecimal128(0, 4),
        (if(seen.currency = '', settings.currency, toString(seen.currency)) AS named_currency) = settings.reporting_currency, toDecimal128(assumeNotNull(seen.total), 4),
        toDecimal128(
            round(
                toDecimal128(assumeNotNull(seen.total), 4) * arrayLast(step -> step.1 <= toDate32(seen.timestamp), rates[concat(toString(seen.workspace_id), ' ', named_currency, ' ', settings.reporting_currency)]).2,
                4
            ),
            4
        )
    ) AS value
FROM touchpoints_by_profile AS seen
LEFT ANY JOIN workspace_settings AS settings ON settings.workspace_id = seen.workspace_id
WHERE seen.type = 'track' AND seen.event NOT IN ('', 'Order Completed')
COMMENT 'One row a conversion. Conversions under the lone profiles that they were recorded for: what joins them to survivors itself need not do so twice'
