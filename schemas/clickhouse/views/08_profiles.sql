CREATE OR REPLACE VIEW profiles
AS
SELECT
    seen.workspace_id AS workspace_id,
    seen.profile_id AS profile_id,
    seen.is_person AS is_person,
    seen.first_seen_at AS first_seen_at,
    seen.last_seen_at AS last_seen_at,
    seen.touchpoint_count AS touchpoint_count,
    seen.country AS country,
    toUInt64(ifNull(bought.orders, 0)) AS order_count,
    if(order_count = 0, NULL, bought.first_order_at) AS first_order_at,
    if(order_count = 0, NULL, bought.last_order_at) AS last_order_at,
    ifNull(bought.revenue, 0) AS revenue,
    ifNull(bought.refunded, 0) AS refunded,
    revenue - refunded AS net_revenue
FROM
(
    SELECT
        workspace_id,
        profile_id,
        max(is_identified) AS is_person,
        min(timestamp) AS first_seen_at,
        max(timestamp) AS last_seen_at,
        count() AS touchpoint_count,
        argMaxIf(touchpoints.country, touchpoints.timestamp, touchpoints.country != '') AS country
    FROM touchpoints
    GROUP BY workspace_id, profile_id
) AS seen
LEFT ANY JOIN
(
    SELECT
        workspace_id,
        profile_id,
        countIf(kind = 'order') AS orders,
        minIf(timestamp, kind = 'order') AS first_order_at,
        maxIf(timestamp, kind = 'order') AS last_order_at,
        sumIf(amount, kind = 'order' AND is_reported) AS revenue,
        sumIf(amount, kind = 'refund' AND is_reported) AS refunded
    FROM
    (
        SELECT
            moved.workspace_id AS workspace_id,
            moved.profile_id AS profile_id,
            moved.kind AS kind,
            moved.timestamp AS timestamp,
            ifNull(moved.total, 0) AS amount,
            coalesce(nullIf(moved.currency, ''), settings.currency, '') = ifNull(settings.reporting_currency, '') AS is_reported
        FROM order_history AS moved
        LEFT ANY JOIN workspace_settings AS settings ON settings.workspace_id = moved.workspace_id
    )
    GROUP BY workspace_id, profile_id
) AS bought ON bought.workspace_id = seen.workspace_id AND bought.profile_id = seen.profile_id
COMMENT 'One row a living profile: people (is_person) and guests. Money in the reporting currency of the workspace'
