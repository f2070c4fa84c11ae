-- A merged profile may have been merged into one that was merged too: such chains are followed to their end. Most are one
-- step long, so only the others are walked. A profile that two merges name keeps the later one. The depth ends a circle,
-- which the identity graph never makes.
CREATE OR REPLACE VIEW profile_survivors
AS
WITH RECURSIVE
    step AS
    (
        SELECT
            workspace_id,
            profile_id,
            argMax(survivor_id, (appended_at, log_partition, log_offset)) AS survivor_id
        FROM identities
        GROUP BY workspace_id, profile_id
    ),
    chain AS
    (
        SELECT workspace_id, profile_id, survivor_id, 1 AS depth
        FROM step
        WHERE (workspace_id, survivor_id) IN
        (
            SELECT workspace_id, profile_id
            FROM identities
        )
        UNION ALL
        SELECT chain.workspace_id, chain.profile_id, step.survivor_id, chain.depth + 1
        FROM chain
        INNER JOIN step ON step.workspace_id = chain.workspace_id AND step.profile_id = chain.survivor_id
        WHERE chain.depth < 64
    )
SELECT workspace_id, profile_id, argMax(found.survivor_id, found.depth) AS survivor_id
FROM
(
    SELECT workspace_id, profile_id, survivor_id, 0 AS depth
    FROM step
    UNION ALL
    SELECT workspace_id, profile_id, survivor_id, depth
    FROM chain
) AS found
GROUP BY workspace_id, profile_id
COMMENT 'Which profile a merged profile lives on in today, chains of merges followed'
