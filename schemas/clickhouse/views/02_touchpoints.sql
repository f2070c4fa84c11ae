CREATE OR REPLACE VIEW touchpoints
AS
SELECT
    recorded.* EXCEPT (profile_id, lone_profile_id),
    coalesce(nullIf(survivor.survivor_id, ''), recorded.lone_profile_id) AS profile_id,
    recorded.profile_id AS recorded_profile_id,
    recorded.lone_profile_id AS lone_profile_id
FROM recorded_touchpoints AS recorded
LEFT ANY JOIN profile_survivors AS survivor
    ON survivor.lone_key = reinterpretAsUInt128(sipHash128(toString(recorded.workspace_id), recorded.lone_profile_id))
COMMENT 'One row a touchpoint. Every touchpoint once, under the profile that its person has today'
