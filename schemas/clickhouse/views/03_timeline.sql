CREATE OR REPLACE VIEW timeline
AS
SELECT
    seen.workspace_id AS workspace_id,
    if(survivor.survivor_key = 0, seen.lone_key, survivor.survivor_key) AS person_key,
    coalesce(nullIf(survivor.survivor_id, ''), seen.lone_profile_id) AS profile_id,
    seen.timestamp AS timestamp,
    seen.received_at AS received_at,
    seen.type AS type,
    seen.event AS event,
    seen.message_id AS message_id,
    seen.source_id AS source_id,
    seen.is_identified AS is_identified,
    seen.imported AS imported,
    seen.order_id AS order_id,
    seen.total AS total,
    seen.currency AS currency,
    seen.campaign_name AS campaign_name,
    seen.campaign_source AS campaign_source,
    seen.campaign_medium AS campaign_medium,
    seen.page_host AS page_host,
    seen.referrer_host AS referrer_host,
    seen.page_path AS page_path,
    seen.country AS country,
    seen.log_partition AS log_partition,
    seen.log_offset AS log_offset
FROM touchpoints_by_profile AS seen
LEFT ANY JOIN profile_survivors AS survivor ON survivor.lone_key = seen.lone_key
COMMENT 'One row a touchpoint. Every touchpoint once, without its JSON, under the profile that its person has today: the quick way to sequences'
