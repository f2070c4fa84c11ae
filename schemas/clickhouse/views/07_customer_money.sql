-- Customers are people: profiles that named a userId once. A guest who never did is nobody to come back.
-- Months are calendar months in the workspace's time zone. Money without a currency is in the workspace's own.
CREATE OR REPLACE VIEW customer_money
AS
SELECT
    moved.workspace_id AS workspace_id,
    moved.profile_id AS profile_id,
    moved.kind AS kind,
    toDate(formatDateTime(moved.timestamp, '%Y-%m-01', coalesce(nullIf(settings.time_zone, ''), 'UTC'))) AS month,
    coalesce(nullIf(moved.currency, ''), settings.currency, '') AS currency,
    if(moved.kind = 'order', 1, -1) * ifNull(moved.total, 0) AS amount
FROM order_history AS moved
LEFT ANY JOIN
(
    SELECT workspace_id, time_zone, toString(currency) AS currency
    FROM workspaces
    FINAL
) AS settings ON settings.workspace_id = moved.workspace_id
WHERE (moved.workspace_id, moved.profile_id) IN
(
    SELECT known.workspace_id, coalesce(nullIf(survivor.survivor_id, ''), known.lone_profile_id)
    FROM
    (
        SELECT DISTINCT workspace_id, lone_profile_id
        FROM recorded_touchpoints
        WHERE is_identified
    ) AS known
    LEFT ANY JOIN profile_survivors AS survivor
        ON survivor.workspace_id = known.workspace_id AND survivor.profile_id = known.lone_profile_id
)
COMMENT 'Orders (positive) and refunds (negative) of people, with their calendar month in the time zone of the workspace'
