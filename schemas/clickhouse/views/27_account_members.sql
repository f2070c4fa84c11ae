CREATE OR REPLACE VIEW account_members
AS
SELECT
    workspace_id,
    group_id AS account_id,
    profile_id,
    min(timestamp) AS joined_at,
    max(timestamp) AS last_seen_at
FROM touchpoints
WHERE type = 'group' AND group_id != ''
GROUP BY workspace_id, group_id, profile_id
COMMENT 'One row a person and account: who belongs to it'
