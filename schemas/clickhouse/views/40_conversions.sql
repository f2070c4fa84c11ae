-- What one may want to explain: an order, or any other track event, each once. Money that cannot be converted into the reporting
-- currency counts as none, and is never added to the rest.
CREATE OR REPLACE VIEW conversions
AS
SELECT
    workspace_id,
    person_key,
    profile_id,
    'Order Completed' AS event,
    order_id AS conversion_id,
    timestamp AS converted_at,
    if(is_reported, amount, toDecimal128(0, 4)) AS value
FROM money_moves
WHERE kind = 'order'
UNION ALL
SELECT
    seen.workspace_id AS workspace_id,
    seen.person_key AS person_key,
    seen.profile_id AS profile_id,
    toString(seen.event) AS event,
    seen.message_id AS conversion_id,
    seen.timestamp AS converted_at,
    if(seen.currency IN ('', settings.reporting_currency), toDecimal128(ifNull(seen.total, 0), 4), toDecimal128(0, 4)) AS value
FROM timeline AS seen
LEFT ANY JOIN workspace_settings AS settings ON settings.workspace_id = seen.workspace_id
WHERE seen.type = 'track' AND seen.event NOT IN ('', 'Order Completed')
COMMENT 'Orders, and every other track event, as something that can be attributed or compared; filter by event. value in the reporting currency'
