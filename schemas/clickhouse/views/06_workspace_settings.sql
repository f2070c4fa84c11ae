-- Money of several currencies is never added up. A workspace reports in its own currency; when no order is in that one, in
-- the currency of most orders, so that a shop that never declared its currency still sees its money.
CREATE OR REPLACE VIEW workspace_settings
AS
SELECT
    declared.workspace_id AS workspace_id,
    any(declared.name) AS name,
    any(declared.time_zone) AS time_zone,
    any(declared.currency) AS currency,
    coalesce(
        nullIf(
            argMaxIf(used.currency, (used.currency = declared.currency, used.orders, used.currency), used.orders > 0),
            ''
        ),
        currency
    ) AS reporting_currency,
    any(declared.position) = min(any(declared.position)) OVER () AS is_default
FROM
(
    SELECT workspace_id, name, time_zone, toString(currency) AS currency, position
    FROM workspaces
    FINAL
) AS declared
LEFT JOIN
(
    SELECT toString(workspace_id) AS workspace_id, toString(currency) AS currency, count() AS orders
    FROM recorded_touchpoints
    WHERE type = 'track' AND event = 'Order Completed' AND currency != ''
    GROUP BY workspace_id, currency
) AS used ON used.workspace_id = declared.workspace_id
GROUP BY declared.workspace_id
COMMENT 'Time zone and currency of each workspace; is_default marks the one that the plain views show'
