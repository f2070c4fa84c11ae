-- The touches and active moments of a lone profile, together, in place of the projections that 0095 dropped: they need no grouping when asked.
-- Both are sets: a touch or moment that comes twice is there once, so this may be run again, and beside consumers that go on.
ALTER TABLE profile_activity
    ADD COLUMN IF NOT EXISTS touches SimpleAggregateFunction(groupUniqArrayArray, Array(UInt128))
        COMMENT 'Its touches, each as one number: milliseconds since 1970 in the upper half, what brought the person in the lower one (odd when direct); a set, in no order',
    ADD COLUMN IF NOT EXISTS active_moments SimpleAggregateFunction(groupUniqArrayArray, Array(DateTime('UTC')))
        COMMENT 'A moment in the month of each touchpoint, in every time zone; a set, in no order';

-- It reads touchpoints_by_profile, where touches and hosts have been judged, and no longer recorded_touchpoints.
ALTER TABLE fill_profile_activity MODIFY QUERY
WITH toDateTime64('2299-12-31 23:59:59', 3, 'UTC') AS never
SELECT
    workspace_id,
    lone_key,
    any(seen.lone_profile_id) AS lone_profile_id,
    max(toUInt8(seen.is_identified)) AS is_identified,
    min(timestamp) AS first_seen_at,
    max(timestamp) AS last_seen_at,
    count() AS touchpoint_count,
    min(if(event = 'Signed Up', timestamp, never)) AS signed_up_at,
    min(if(seen.is_identified, timestamp, never)) AS identified_at,
    min(if(campaign_source != '' OR campaign_medium != '' OR campaign_name != '', (timestamp, toString(campaign_source), toString(campaign_medium), toString(campaign_name)), (never, '', '', ''))) AS campaign,
    min(if(referrer_host != '', (timestamp, toString(referrer_host)), (never, ''))) AS referrer,
    max(if(seen.country != '', (timestamp, toString(seen.country)), (toDateTime64(0, 3, 'UTC'), ''))) AS country,
    groupUniqArrayIf(touch, is_touch) AS touches,
    groupUniqArray(active_moment) AS active_moments
FROM touchpoints_by_profile AS seen
GROUP BY workspace_id, lone_key;

-- An insert that began before fills none of these columns, and its rows may not be seen yet. It has three seconds, where there are touchpoints at all.
SELECT sleepEachRow(3) FROM (SELECT 1 FROM touchpoints_by_profile LIMIT 1);

-- What is no set stays as it is: nothing is added to a sum, no first time gets earlier and no last time later.
INSERT INTO profile_activity
    (workspace_id, lone_key, lone_profile_id, first_seen_at, last_seen_at, signed_up_at, identified_at, campaign, referrer, touches, active_moments)
WITH toDateTime64('2299-12-31 23:59:59', 3, 'UTC') AS never
SELECT
    workspace_id,
    lone_key,
    any(seen.lone_profile_id),
    min(timestamp),
    max(timestamp),
    never,
    never,
    (never, '', '', ''),
    (never, ''),
    groupUniqArrayIf(touch, is_touch),
    groupUniqArray(active_moment)
FROM touchpoints_by_profile AS seen
GROUP BY workspace_id, lone_key
SETTINGS optimize_aggregation_in_order = 1, distributed_foreground_insert = 1;

-- One row a lone profile again.
OPTIMIZE TABLE profile_activity FINAL;
