CREATE OR REPLACE VIEW current_scores
AS
SELECT
    any(computed.workspace_id) AS workspace_id,
    coalesce(nullIf(survivor.survivor_id, ''), computed.profile_id) AS profile_id,
    computed.score_id AS score_id,
    argMax(computed.value, (computed.computed_at, log_partition, log_offset)) AS value,
    argMax(computed.components, (computed.computed_at, log_partition, log_offset)) AS components,
    max(computed.computed_at) AS computed_at
FROM scores AS computed
LEFT ANY JOIN profile_survivors AS survivor ON survivor.workspace_id = computed.workspace_id AND survivor.profile_id = computed.profile_id
GROUP BY computed.workspace_id, profile_id, score_id
COMMENT 'The newest value of each score of a person'
