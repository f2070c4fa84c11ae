-- Acquisition is the first campaign; without one, the first other site that led here; without one, (direct).
CREATE OR REPLACE VIEW people_seen
AS
SELECT
    any(active.workspace_id) AS workspace_id,
    if(survivor.survivor_key = 0, active.lone_key, survivor.survivor_key) AS person_key,
    any(coalesce(nullIf(survivor.survivor_id, ''), active.lone_profile_id)) AS profile_id,
    CAST(max(active.is_identified) = 1, 'Bool') AS is_person,
    min(active.first_seen_at) AS first_seen_at,
    max(active.last_seen_at) AS last_seen_at,
    sum(active.touchpoint_count) AS touchpoint_count,
    max(active.country).2 AS country,
    min(active.signed_up_at) AS signed_up,
    min(active.identified_at) AS identified,
    min(active.campaign) AS first_campaign,
    min(active.referrer) AS first_referrer,
    first_campaign.1 < toDateTime64('2299-12-31 23:59:59', 3, 'UTC') AS has_campaign,
    multiIf(has_campaign, first_campaign.2, first_referrer.2 != '', first_referrer.2, '(direct)') AS acquisition_source,
    multiIf(has_campaign, first_campaign.3, first_referrer.2 != '', 'referral', '(none)') AS acquisition_medium,
    if(has_campaign, first_campaign.4, '') AS acquisition_campaign
FROM profile_activity AS active
LEFT ANY JOIN profile_survivors AS survivor ON survivor.lone_key = active.lone_key
GROUP BY person_key
COMMENT 'When each living profile was seen, and what brought it here first'
