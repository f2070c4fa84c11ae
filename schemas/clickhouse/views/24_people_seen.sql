-- Acquisition is the first campaign; without one, the first other site that led here; without one, (direct).
-- The first of something is found as text that begins with its time, which compares a good deal faster than tuples.
CREATE OR REPLACE VIEW people_seen
AS
SELECT
    workspace_id,
    person_key,
    profile_id,
    is_person,
    first_seen_at,
    last_seen_at,
    touchpoint_count,
    country,
    signed_up,
    identified,
    multiIf(first_campaign != '', (splitByChar('\0', substring(first_campaign, 9)) AS named)[1], (substring(first_referrer, 9) AS referrer_host) != '', referrer_host, '(direct)') AS acquisition_source,
    multiIf(first_campaign != '', named[2], referrer_host != '', 'referral', '(none)') AS acquisition_medium,
    if(first_campaign != '', named[3], '') AS acquisition_campaign
FROM
(
    WITH
        toDateTime64('2299-12-31 23:59:59', 3, 'UTC') AS never,
        -- Milliseconds since 1900, the highest byte first.
        at -> reinterpretAsFixedString(byteSwap(toUInt64(toUnixTimestamp64Milli(at) + 2208988800000))) AS sortable
    SELECT
        any(active.workspace_id) AS workspace_id,
        if(survivor.survivor_key = 0, active.lone_key, survivor.survivor_key) AS person_key,
        any(coalesce(nullIf(survivor.survivor_id, ''), active.lone_profile_id)) AS profile_id,
        CAST(max(active.is_identified) = 1, 'Bool') AS is_person,
        min(active.first_seen_at) AS first_seen_at,
        max(active.last_seen_at) AS last_seen_at,
        sum(active.touchpoint_count) AS touchpoint_count,
        substring(max(concat(sortable(active.country.1), active.country.2)), 9) AS country,
        min(active.signed_up_at) AS signed_up,
        min(active.identified_at) AS identified,
        minIf(concat(sortable(active.campaign.1), active.campaign.2, '\0', active.campaign.3, '\0', active.campaign.4), active.campaign.1 < never) AS first_campaign,
        minIf(concat(sortable(active.referrer.1), active.referrer.2), active.referrer.1 < never) AS first_referrer
    FROM profile_activity AS active
    LEFT ANY JOIN profile_survivors AS survivor ON survivor.lone_key = active.lone_key
    GROUP BY person_key
)
COMMENT 'One row a living profile. When each living profile was seen, and what brought it here first'
