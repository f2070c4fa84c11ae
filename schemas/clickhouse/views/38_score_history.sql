CREATE OR REPLACE VIEW score_history
AS
SELECT
    computed.* EXCEPT (profile_id),
    coalesce(nullIf(survivor.survivor_id, ''), computed.profile_id) AS profile_id,
    computed.profile_id AS recorded_profile_id
FROM scores AS computed
LEFT ANY JOIN profile_survivors AS survivor ON survivor.workspace_id = computed.workspace_id AND survivor.profile_id = computed.profile_id
COMMENT 'One row a person, score and computation. Scores of people, every change, under the profile that the person has today'
