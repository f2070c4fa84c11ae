-- A touch is a touchpoint that says what brought the person here: a click on a message; a page or screen with a campaign; a page that
-- another site led to; any other page or screen (direct). Most direct ones go on with a visit, and paths leave them out.
CREATE OR REPLACE VIEW touches
AS
SELECT
    seen.workspace_id AS workspace_id,
    if(survivor.survivor_key = 0, seen.lone_key, survivor.survivor_key) AS person_key,
    coalesce(nullIf(survivor.survivor_id, ''), seen.lone_profile_id) AS profile_id,
    seen.timestamp AS touched_at,
    seen.message_id AS message_id,
    seen.touch_channel AS channel,
    seen.touch_source AS source,
    seen.touch_medium AS medium,
    seen.campaign_name AS campaign,
    CAST(seen.touch_channel = 'direct', 'Bool') AS is_direct
FROM touchpoints_by_profile AS seen
LEFT ANY JOIN profile_survivors AS survivor ON survivor.lone_key = seen.lone_key
WHERE seen.is_touch
COMMENT 'One row a touch: what brought people, with the channel it came through'
