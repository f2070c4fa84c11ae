-- A merged profile may have been merged into one that was merged later: the chain is followed to its end. A profile that
-- two merges name keeps the later one. The depth ends a circle, which the identity graph never makes.
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
        UNION ALL
        SELECT chain.workspace_id, chain.profile_id, step.survivor_id, chain.depth + 1
        FROM chain
        INNER JOIN step ON step.workspace_id = chain.workspace_id AND step.profile_id = chain.survivor_id
        WHERE chain.depth < 64
    )
SELECT workspace_id, profile_id, argMax(chain.survivor_id, chain.depth) AS survivor_id
FROM chain
GROUP BY workspace_id, profile_id
COMMENT 'Which profile a merged profile lives on in today, chains of merges followed'
