-- Money of several currencies is never added up without a rate. A workspace reports in its own currency; when no order is in
-- that one, or can be converted into it, in the currency of most orders, so that a shop that never declared its currency still sees its money.
CREATE OR REPLACE VIEW workspace_settings
(
    workspace_id String COMMENT 'Workspace',
    name String COMMENT 'Name for people',
    time_zone String COMMENT 'IANA name',
    currency String COMMENT 'Declared currency',
    reporting_currency String COMMENT 'Currency in which money is shown',
    is_default Bool COMMENT 'The one that the plain views show'
)
AS
SELECT
    declared.workspace_id AS workspace_id,
    any(declared.name) AS name,
    any(declared.time_zone) AS time_zone,
    any(declared.currency) AS currency,
    if(
        countIf(used.currency = declared.currency OR used.is_convertible) > 0,
        currency,
        coalesce(nullIf(argMaxIf(used.currency, (used.orders, used.currency), used.orders > 0), ''), currency)
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
    SELECT
        toString(workspace_id) AS workspace_id,
        toString(currency) AS currency,
        count() AS orders,
        (workspace_id, currency) IN
        (
            SELECT toString(rates.workspace_id), toString(rates.currency)
            FROM exchange_rates AS rates
            INNER JOIN workspaces AS own FINAL ON own.workspace_id = rates.workspace_id AND own.currency = rates.to_currency
        ) AS is_convertible
    FROM recorded_orders
    WHERE kind = 'order' AND currency != ''
    GROUP BY workspace_id, currency
) AS used ON used.workspace_id = declared.workspace_id
GROUP BY declared.workspace_id
COMMENT 'One row a workspace. Time zone and currency of each workspace; is_default marks the one that the plain views show'
