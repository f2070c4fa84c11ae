-- Who was shown what, from two places: Experiment Viewed (Segment's A/B testing specification), and journeys, where a hold-out is the
-- variation "holdout" of the experiment journey:<journey>, and everybody let in is "treated".
CREATE OR REPLACE VIEW experiment_exposures
AS
SELECT
    workspace_id,
    experiment_id,
    profile_id,
    min(seen_at) AS exposed_at,
    argMin(variation_id, (seen_at, variation_id)) AS variation,
    uniqExact(variation_id) > 1 AS is_mixed
FROM
(
    SELECT
        workspace_id,
        profile_id,
        JSONExtractString(properties, 'experiment_id') AS experiment_id,
        JSONExtractString(properties, 'variation_id') AS variation_id,
        timestamp AS seen_at
    FROM touchpoints
    WHERE type = 'track' AND event = 'Experiment Viewed' AND experiment_id != '' AND variation_id != ''
    UNION ALL
    SELECT
        happened.workspace_id AS workspace_id,
        coalesce(nullIf(survivor.survivor_id, ''), happened.profile_id) AS profile_id,
        concat('journey:', happened.journey_id) AS experiment_id,
        if(happened.kind = 'entered', 'treated', 'holdout') AS variation_id,
        happened.timestamp AS seen_at
    FROM journeys AS happened
    LEFT ANY JOIN profile_survivors AS survivor
        ON survivor.workspace_id = happened.workspace_id AND survivor.profile_id = happened.profile_id
    WHERE happened.kind = 'entered' OR (happened.kind = 'entry-refused' AND happened.reason = 'holdout')
)
GROUP BY workspace_id, experiment_id, profile_id
COMMENT 'One row a person and experiment. The first exposure of each person to each experiment; is_mixed: saw more than one variation, so tells nothing about either'
