CREATE OR REPLACE VIEW consent_history
AS
SELECT
    said.* EXCEPT (profile_id, lone_profile_id),
    coalesce(nullIf(survivor.survivor_id, ''), said.lone_profile_id) AS profile_id,
    said.profile_id AS recorded_profile_id,
    said.lone_profile_id AS lone_profile_id
FROM consents AS said
LEFT ANY JOIN profile_survivors AS survivor ON survivor.workspace_id = said.workspace_id AND survivor.profile_id = said.lone_profile_id
COMMENT 'One row a statement. What people allowed and took back, every statement, under the profile that the person has today'
