-- Every merge and split lists all lone profiles that it moves, so no chain has to be walked: the highest sequence holds.
CREATE OR REPLACE VIEW profile_survivors
AS
SELECT
    workspace_id,
    profile_id,
    argMax(survivor_id, (sequence, appended_at, log_partition, log_offset)) AS survivor_id
FROM identities
GROUP BY workspace_id, profile_id
COMMENT 'Which profile a lone profile lives on in today; one that was never merged has no row'
