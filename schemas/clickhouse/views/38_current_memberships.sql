-- What was told of the profile that a person has today counts before what was told of profiles merged into it: a merge tells anew what it changes.
CREATE OR REPLACE VIEW current_memberships
AS
SELECT
    any(changed.workspace_id) AS workspace_id,
    changed.profile_id AS profile_id,
    segment_id,
    argMax(changed.timestamp, (changed.profile_id = recorded_profile_id, decided_at, appended_at, log_partition, log_offset)) AS entered_at
FROM membership_history AS changed
GROUP BY changed.workspace_id, changed.profile_id, segment_id
HAVING argMax(changed.change, (changed.profile_id = recorded_profile_id, decided_at, appended_at, log_partition, log_offset)) = 'entered'
COMMENT 'One row a person and segment. Who is in which segment today, under the profile that the person has today'
