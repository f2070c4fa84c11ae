CREATE OR REPLACE VIEW membership_history
AS
SELECT
    changed.* EXCEPT (profile_id),
    coalesce(nullIf(survivor.survivor_id, ''), changed.profile_id) AS profile_id,
    changed.profile_id AS recorded_profile_id
FROM memberships AS changed
LEFT ANY JOIN profile_survivors AS survivor ON survivor.workspace_id = changed.workspace_id AND survivor.profile_id = changed.profile_id
COMMENT 'One row an entry or exit. Entries and exits of segments, every change, under the profile that the person has today'
