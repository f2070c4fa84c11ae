CREATE OR REPLACE VIEW current_memberships
AS
SELECT
    any(changed.workspace_id) AS workspace_id,
    coalesce(nullIf(survivor.survivor_id, ''), changed.profile_id) AS profile_id,
    changed.segment_id AS segment_id,
    argMax(changed.timestamp, (decided_at, log_partition, log_offset)) AS entered_at
FROM memberships AS changed
LEFT ANY JOIN profile_survivors AS survivor ON survivor.workspace_id = changed.workspace_id AND survivor.profile_id = changed.profile_id
GROUP BY changed.workspace_id, profile_id, segment_id
HAVING argMax(changed.change, (decided_at, log_partition, log_offset)) = 'entered'
COMMENT 'Who is in which segment today, under the profile that the person has today'
