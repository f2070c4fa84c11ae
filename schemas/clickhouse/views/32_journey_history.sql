CREATE OR REPLACE VIEW journey_history
AS
SELECT
    happened.* EXCEPT (profile_id),
    coalesce(nullIf(survivor.survivor_id, ''), happened.profile_id) AS profile_id,
    happened.profile_id AS recorded_profile_id
FROM journeys AS happened
LEFT ANY JOIN profile_survivors AS survivor ON survivor.workspace_id = happened.workspace_id AND survivor.profile_id = happened.profile_id
COMMENT 'One row a decision of a journey. What journeys did for people, and why, under the profile that the person has today'
