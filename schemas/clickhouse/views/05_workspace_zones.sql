CREATE OR REPLACE VIEW workspace_zones
(
    workspace_id String COMMENT 'Workspace',
    time_zone String COMMENT 'IANA name; UTC when none was declared',
    currency String COMMENT 'Declared currency',
    session_minutes UInt16 COMMENT 'A pause of this length ends a session',
    lapse_days UInt16 COMMENT 'A customer without an order for so many days has lapsed',
    is_default Bool COMMENT 'The one that the plain views show'
)
AS
SELECT
    workspaces.workspace_id AS workspace_id,
    coalesce(nullIf(workspaces.time_zone, ''), 'UTC') AS time_zone,
    toString(workspaces.currency) AS currency,
    workspaces.session_minutes AS session_minutes,
    workspaces.lapse_days AS lapse_days,
    workspaces.position = (SELECT min(position) FROM workspaces FINAL) AS is_default
FROM workspaces
FINAL
COMMENT 'One row a workspace. How each workspace counts its days, sessions and money'
