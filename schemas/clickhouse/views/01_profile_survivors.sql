-- Every merge and split lists all lone profiles that it moves, so no chain has to be walked: the highest sequence holds.
CREATE OR REPLACE VIEW profile_survivors
(
    workspace_id LowCardinality(String) COMMENT 'Workspace',
    profile_id String COMMENT 'Lone profile that a merge or split has moved',
    survivor_id String COMMENT 'Profile it lives on in today; itself, when it was split off',
    lone_key UInt128 COMMENT 'Key of profile_id',
    survivor_key UInt128 COMMENT 'Key of survivor_id'
)
AS
SELECT
    any(identities.workspace_id) AS workspace_id,
    any(identities.profile_id) AS profile_id,
    argMax(identities.survivor_id, identities.sequence) AS survivor_id,
    lone_key,
    argMax(identities.survivor_key, identities.sequence) AS survivor_key
FROM identities
GROUP BY lone_key
COMMENT 'One row a lone profile that was moved. Which profile a lone profile lives on in today; one that was never merged has no row'
