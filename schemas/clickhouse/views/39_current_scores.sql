-- As with current_memberships, the profile that a person has today speaks before profiles merged into it.
CREATE OR REPLACE VIEW current_scores
AS
SELECT
    any(computed.workspace_id) AS workspace_id,
    computed.profile_id AS profile_id,
    score_id,
    argMax(computed.value, (computed.profile_id = recorded_profile_id, computed.computed_at, appended_at, log_partition, log_offset)) AS value,
    argMax(computed.components, (computed.profile_id = recorded_profile_id, computed.computed_at, appended_at, log_partition, log_offset)) AS components,
    argMax(computed.computed_at, (computed.profile_id = recorded_profile_id, computed.computed_at, appended_at, log_partition, log_offset)) AS computed_at
FROM score_history AS computed
GROUP BY computed.workspace_id, computed.profile_id, score_id
COMMENT 'One row a person and score. The newest value of each score of a person'
