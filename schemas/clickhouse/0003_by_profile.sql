-- What the questions of data teams read most, narrow and in the order that they need. The rows are as final as those of
-- recorded_touchpoints: merges, splits, corrections and late touchpoints are followed when a view is asked, so nothing here is
-- ever rebuilt. Only what comes after this migration is in them: replay analyze once on a folder that is older. A key is a hash of 128 bits of the workspace and an id: half as dear to group and join by as the id itself.

ALTER TABLE identities
    ADD COLUMN IF NOT EXISTS lone_key UInt128 MATERIALIZED reinterpretAsUInt128(sipHash128(toString(workspace_id), profile_id))
        COMMENT 'Key of profile_id',
    ADD COLUMN IF NOT EXISTS survivor_key UInt128 MATERIALIZED reinterpretAsUInt128(sipHash128(toString(workspace_id), survivor_id))
        COMMENT 'Key of survivor_id';

CREATE TABLE IF NOT EXISTS touchpoints_by_profile
(
    workspace_id LowCardinality(String) COMMENT 'Workspace that recorded it',
    lone_key UInt128 COMMENT 'Key of lone_profile_id',
    lone_profile_id String COMMENT 'Profile of its leading identifier taken alone',
    timestamp DateTime64(3, 'UTC') COMMENT 'Event time',
    received_at DateTime64(3, 'UTC') COMMENT 'Time of the log',
    type LowCardinality(String) COMMENT 'track, identify, page, screen, group or alias',
    event LowCardinality(String) COMMENT 'Name of a track event; empty for other types',
    message_id String COMMENT 'Unique per workspace; finds the whole of it in touchpoints',
    source_id LowCardinality(String) COMMENT 'Source that sent it',
    is_identified Bool COMMENT 'It named a userId',
    imported Bool COMMENT 'Imported history',
    order_id String COMMENT 'properties.order_id',
    total Nullable(Decimal(18, 4)) COMMENT 'Money of the event',
    currency LowCardinality(String) COMMENT 'Currency of total; empty when not given',
    campaign_name LowCardinality(String) COMMENT 'utm_campaign',
    campaign_source LowCardinality(String) COMMENT 'utm_source',
    campaign_medium LowCardinality(String) COMMENT 'utm_medium',
    page_host LowCardinality(String) COMMENT 'Host of the page, without www',
    referrer_host LowCardinality(String) COMMENT 'Host that led to the page, without www; empty when it is the same or none',
    page_path String COMMENT 'Path of the page',
    country LowCardinality(String) COMMENT 'Country, where given',
    log_partition UInt32 COMMENT 'Partition on the topic touchpoints',
    log_offset UInt64 COMMENT 'Offset on the topic touchpoints'
)
ENGINE = MergeTree
ORDER BY (workspace_id, lone_key, timestamp, log_partition, log_offset)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'The narrow part of every touchpoint in the order of people and time, for timelines, sessions, funnels and paths. Ask the view timeline';

CREATE TABLE IF NOT EXISTS profile_activity
(
    workspace_id LowCardinality(String) COMMENT 'Workspace',
    lone_key UInt128 COMMENT 'Key of lone_profile_id',
    lone_profile_id SimpleAggregateFunction(any, String) COMMENT 'Lone profile',
    is_identified SimpleAggregateFunction(max, UInt8) COMMENT '1 when a touchpoint named a userId',
    first_seen_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')) COMMENT 'Event time of the first touchpoint',
    last_seen_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')) COMMENT 'Event time of the last touchpoint',
    touchpoint_count SimpleAggregateFunction(sum, UInt64) COMMENT 'Touchpoints',
    signed_up_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')) COMMENT 'First Signed Up; the end of 2299 when there was none',
    identified_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')) COMMENT 'First touchpoint with a userId; the end of 2299 when there was none',
    campaign SimpleAggregateFunction(min, Tuple(DateTime64(3, 'UTC'), String, String, String)) COMMENT 'Time, source, medium and name of the first campaign; the end of 2299 when there was none',
    referrer SimpleAggregateFunction(min, Tuple(DateTime64(3, 'UTC'), String)) COMMENT 'Time and host of the first page that another site led to; the end of 2299 when there was none',
    country SimpleAggregateFunction(max, Tuple(DateTime64(3, 'UTC'), String)) COMMENT 'Time and name of the last country'
)
ENGINE = AggregatingMergeTree
ORDER BY (workspace_id, lone_key)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What is known of each lone profile from all of its touchpoints. Ask the view profiles';

CREATE MATERIALIZED VIEW IF NOT EXISTS fill_touchpoints_by_profile TO touchpoints_by_profile
AS
SELECT
    workspace_id,
    reinterpretAsUInt128(sipHash128(toString(workspace_id), lone_profile_id)) AS lone_key,
    lone_profile_id,
    timestamp,
    received_at,
    type,
    event,
    message_id,
    source_id,
    is_identified,
    imported,
    order_id,
    total,
    currency,
    campaign_name,
    campaign_source,
    campaign_medium,
    domainWithoutWWW(page_url) AS page_host,
    if(domainWithoutWWW(page_referrer) = page_host, '', domainWithoutWWW(page_referrer)) AS referrer_host,
    page_path,
    country,
    log_partition,
    log_offset
FROM recorded_touchpoints;

CREATE MATERIALIZED VIEW IF NOT EXISTS fill_profile_activity TO profile_activity
AS
WITH toDateTime64('2299-12-31 23:59:59', 3, 'UTC') AS never
SELECT
    workspace_id,
    reinterpretAsUInt128(sipHash128(toString(workspace_id), recorded_touchpoints.lone_profile_id)) AS lone_key,
    any(recorded_touchpoints.lone_profile_id) AS lone_profile_id,
    max(toUInt8(recorded_touchpoints.is_identified)) AS is_identified,
    min(timestamp) AS first_seen_at,
    max(timestamp) AS last_seen_at,
    count() AS touchpoint_count,
    min(if(event = 'Signed Up', timestamp, never)) AS signed_up_at,
    min(if(recorded_touchpoints.is_identified, timestamp, never)) AS identified_at,
    min(if(campaign_source != '' OR campaign_medium != '' OR campaign_name != '', (timestamp, toString(campaign_source), toString(campaign_medium), toString(campaign_name)), (never, '', '', ''))) AS campaign,
    min(if(page_referrer != '' AND domainWithoutWWW(page_referrer) != domainWithoutWWW(page_url), (timestamp, domainWithoutWWW(page_referrer)), (never, ''))) AS referrer,
    max(if(recorded_touchpoints.country != '', (timestamp, toString(recorded_touchpoints.country)), (toDateTime64(0, 3, 'UTC'), ''))) AS country
FROM recorded_touchpoints
GROUP BY workspace_id, lone_key;
