-- Every table is a projection of one topic of the event log, filled by services/analyze and rebuilt by a replay.
-- non_replicated_deduplication_window: a batch that is sent again under its token adds nothing.
-- Partitions follow the log's own time, never a client's, so that one batch touches few of them.

CREATE TABLE IF NOT EXISTS workspaces
(
    workspace_id String COMMENT 'Id of the workspace, as in deploy/definitions/sources',
    name String COMMENT 'Name for people',
    time_zone String COMMENT 'IANA name; days and months of this workspace are counted in it',
    currency LowCardinality(String) COMMENT 'ISO 4217 code in which its money is reported',
    position UInt32 COMMENT 'Order of declaration; 0 is the workspace that the plain views show',
    loaded_at DateTime64(3, 'UTC') COMMENT 'When the definitions were read; the newest row of a workspace counts'
)
ENGINE = ReplacingMergeTree(loaded_at)
ORDER BY workspace_id
COMMENT 'The workspaces that are declared, with time zone and currency. Read it with FINAL';

CREATE TABLE IF NOT EXISTS recorded_touchpoints
(
    workspace_id LowCardinality(String) COMMENT 'Workspace that recorded it',
    profile_id String COMMENT 'Profile it was resolved to when it arrived; the view touchpoints follows later merges',
    message_id String COMMENT 'Unique per workspace',
    source_id LowCardinality(String) COMMENT 'Source that sent it',
    type LowCardinality(String) COMMENT 'track, identify, page, screen, group or alias',
    event LowCardinality(String) COMMENT 'Name of a track event, for example Order Completed; empty for other types',
    timestamp DateTime64(3, 'UTC') COMMENT 'Event time: the time of the person, corrected by the clock skew of the sender',
    original_timestamp Nullable(DateTime64(3, 'UTC')) COMMENT 'Event time as the client gave it',
    sent_at Nullable(DateTime64(3, 'UTC')) COMMENT 'Clock of the client when it sent the request',
    received_at DateTime64(3, 'UTC') COMMENT 'Time of the log',
    flags Array(LowCardinality(String)) COMMENT 'What the collector mended, for example timestamp-future',
    imported Bool COMMENT 'Imported history: it never triggers a journey',
    erased Bool COMMENT 'The person was erased before this row was written: nothing personal is left',
    is_identified Bool COMMENT 'It named a userId, so its profile is a known person and no guest',
    name String COMMENT 'Name of a page or screen',
    category String COMMENT 'Category of a page or screen',
    group_id String COMMENT 'Account that the person acted for',
    order_id String COMMENT 'properties.order_id of the e-commerce events',
    total Nullable(Decimal(18, 4)) COMMENT 'Money of the event: properties.total, else revenue, else value',
    currency LowCardinality(String) COMMENT 'properties.currency in capitals; empty when not given',
    page_url String COMMENT 'context.page.url or properties.url',
    page_path String COMMENT 'context.page.path or properties.path',
    page_referrer String COMMENT 'context.page.referrer or properties.referrer',
    campaign_name LowCardinality(String) COMMENT 'context.campaign.name (utm_campaign)',
    campaign_source LowCardinality(String) COMMENT 'context.campaign.source (utm_source)',
    campaign_medium LowCardinality(String) COMMENT 'context.campaign.medium (utm_medium)',
    campaign_term String COMMENT 'context.campaign.term (utm_term)',
    campaign_content String COMMENT 'context.campaign.content (utm_content)',
    country LowCardinality(String) COMMENT 'context.location.country, else traits.country, else properties.country',
    locale LowCardinality(String) COMMENT 'context.locale',
    properties String COMMENT 'All properties as JSON; read them with JSONExtract functions',
    traits String COMMENT 'All traits as JSON',
    context String COMMENT 'All of the context as JSON',
    log_partition UInt32 COMMENT 'Partition on the topic touchpoints',
    log_offset UInt64 COMMENT 'Offset on the topic touchpoints: breaks ties of event time'
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (workspace_id, event, timestamp, message_id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Every touchpoint as it was recorded, once. Ask the view touchpoints: it follows merges';

CREATE TABLE IF NOT EXISTS identities
(
    workspace_id LowCardinality(String) COMMENT 'Workspace',
    profile_id String COMMENT 'Profile that was merged away',
    survivor_id String COMMENT 'Profile it lives on in; that one may have been merged too',
    reason LowCardinality(String) COMMENT 'Why the two are one person',
    timestamp DateTime64(3, 'UTC') COMMENT 'Event time of the touchpoint that showed it',
    message_id String COMMENT 'That touchpoint',
    appended_at DateTime64(3, 'UTC') COMMENT 'Time of the log',
    log_partition UInt32 COMMENT 'Partition on the topic identities',
    log_offset UInt64 COMMENT 'Offset on the topic identities'
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(appended_at)
ORDER BY (workspace_id, profile_id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Merges of profiles, one step each. The view profile_survivors follows chains of them';

CREATE TABLE IF NOT EXISTS identifiers
(
    workspace_id LowCardinality(String) COMMENT 'Workspace',
    profile_id String COMMENT 'Profile that the identifier was linked to',
    identifier_type LowCardinality(String) COMMENT 'userId, anonymousId, ...',
    identifier_hash String COMMENT 'Keyed hash of the identifier; the identifier itself is not kept',
    timestamp DateTime64(3, 'UTC') COMMENT 'Event time of the touchpoint that showed the link',
    message_id String COMMENT 'That touchpoint',
    appended_at DateTime64(3, 'UTC') COMMENT 'Time of the log',
    log_partition UInt32 COMMENT 'Partition on the topic identities',
    log_offset UInt64 COMMENT 'Offset on the topic identities'
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(appended_at)
ORDER BY (workspace_id, identifier_type, identifier_hash)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Links of identifiers to profiles';

CREATE TABLE IF NOT EXISTS refused_links
(
    workspace_id LowCardinality(String) COMMENT 'Workspace',
    profile_id String COMMENT 'Profile that the identifier was not linked to',
    identifier_type LowCardinality(String) COMMENT 'userId, anonymousId, ...',
    identifier_hash String COMMENT 'Keyed hash of the identifier',
    reason LowCardinality(String) COMMENT 'Rule that the link would have broken',
    timestamp DateTime64(3, 'UTC') COMMENT 'Event time of the touchpoint that asked for it',
    message_id String COMMENT 'That touchpoint',
    appended_at DateTime64(3, 'UTC') COMMENT 'Time of the log',
    log_partition UInt32 COMMENT 'Partition on the topic identities',
    log_offset UInt64 COMMENT 'Offset on the topic identities'
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(appended_at)
ORDER BY (workspace_id, profile_id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Links that a rule of the identity graph refused';

CREATE TABLE IF NOT EXISTS rejected_touchpoints
(
    workspace_id LowCardinality(String) COMMENT 'Workspace that was meant',
    source_id LowCardinality(String) COMMENT 'Source that sent it',
    rejection_id String COMMENT 'Id under which it can be mended and replayed',
    message_id String COMMENT 'Empty when it could not be read',
    reason LowCardinality(String) COMMENT 'For example missing-identifier',
    detail String COMMENT 'What is wrong, where, and how to mend it',
    received_at DateTime64(3, 'UTC') COMMENT 'Time of the log',
    log_partition UInt32 COMMENT 'Partition on the topic rejected-touchpoints',
    log_offset UInt64 COMMENT 'Offset on the topic rejected-touchpoints'
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (workspace_id, received_at)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What the collector could not accept. The bytes themselves stay on the log';

CREATE TABLE IF NOT EXISTS consents
(
    workspace_id LowCardinality(String) COMMENT 'Workspace',
    profile_id String COMMENT 'Profile when it was recorded',
    purpose LowCardinality(String) COMMENT 'What the person was asked about',
    channel LowCardinality(String) COMMENT 'email, sms, webhook',
    status LowCardinality(String) COMMENT 'granted or withdrawn',
    timestamp DateTime64(3, 'UTC') COMMENT 'Event time',
    message_id String COMMENT 'Touchpoint that said so',
    appended_at DateTime64(3, 'UTC') COMMENT 'Time of the log',
    log_partition UInt32 COMMENT 'Partition on the topic consents',
    log_offset UInt64 COMMENT 'Offset on the topic consents'
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(appended_at)
ORDER BY (workspace_id, profile_id, purpose, channel, timestamp)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What people allow, every change';

CREATE TABLE IF NOT EXISTS memberships
(
    workspace_id LowCardinality(String) COMMENT 'Workspace',
    profile_id String COMMENT 'Profile when it was decided',
    segment_id LowCardinality(String) COMMENT 'Segment, as in deploy/definitions/segments',
    change LowCardinality(String) COMMENT 'entered or exited',
    timestamp DateTime64(3, 'UTC') COMMENT 'Event time of what changed it',
    decided_at DateTime64(3, 'UTC') COMMENT 'Log time of the decision',
    cause_id String COMMENT 'Touchpoint or timer that changed it',
    imported Bool COMMENT 'The cause was imported history',
    appended_at DateTime64(3, 'UTC') COMMENT 'Time of the log',
    log_partition UInt32 COMMENT 'Partition on the topic memberships',
    log_offset UInt64 COMMENT 'Offset on the topic memberships'
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(appended_at)
ORDER BY (workspace_id, segment_id, profile_id, decided_at)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Entries and exits of segments, every change';

CREATE TABLE IF NOT EXISTS scores
(
    workspace_id LowCardinality(String) COMMENT 'Workspace',
    profile_id String COMMENT 'Profile when it was computed',
    score_id LowCardinality(String) COMMENT 'Score, as in deploy/definitions/scores',
    value Float64 COMMENT 'Headline',
    components Map(LowCardinality(String), Float64) COMMENT 'For example recency, frequency, monetary',
    computed_at DateTime64(3, 'UTC') COMMENT 'Log time of the computation',
    cause_id String COMMENT 'Touchpoint or timer that changed it',
    appended_at DateTime64(3, 'UTC') COMMENT 'Time of the log',
    log_partition UInt32 COMMENT 'Partition on the topic scores',
    log_offset UInt64 COMMENT 'Offset on the topic scores'
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(appended_at)
ORDER BY (workspace_id, score_id, profile_id, computed_at)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Scores of profiles, every change';

CREATE TABLE IF NOT EXISTS journeys
(
    workspace_id LowCardinality(String) COMMENT 'Workspace',
    profile_id String COMMENT 'Profile when it happened',
    journey_id LowCardinality(String) COMMENT 'Journey, as in deploy/definitions/journeys',
    journey_version UInt32 COMMENT 'Version of its definition',
    instance_id String COMMENT 'One entry of one person',
    kind LowCardinality(String) COMMENT 'entered, entry-refused, waiting, message-requested, message-withheld, exited, completed',
    step_id LowCardinality(String) COMMENT 'Empty when it is about the journey as a whole',
    reason LowCardinality(String) COMMENT 'Why, for example too-old or next-order; empty when there is nothing to explain',
    due_at Nullable(DateTime64(3, 'UTC')) COMMENT 'When a wait ends',
    timestamp DateTime64(3, 'UTC') COMMENT 'When it happened',
    cause_id String COMMENT 'What caused it',
    appended_at DateTime64(3, 'UTC') COMMENT 'Time of the log',
    log_partition UInt32 COMMENT 'Partition on the topic journeys',
    log_offset UInt64 COMMENT 'Offset on the topic journeys'
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(appended_at)
ORDER BY (workspace_id, journey_id, profile_id, timestamp)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What journeys did for people, and why';

CREATE TABLE IF NOT EXISTS delivery_requests
(
    workspace_id LowCardinality(String) COMMENT 'Workspace',
    profile_id String COMMENT 'Profile when it was decided',
    delivery_id String COMMENT 'The same id is sent at most once',
    channel LowCardinality(String) COMMENT 'email, sms or webhook',
    template_id LowCardinality(String) COMMENT 'Template of the message',
    journey_id LowCardinality(String) COMMENT 'Journey that asked for it',
    instance_id String COMMENT 'Entry of the person into the journey',
    step_id LowCardinality(String) COMMENT 'Step of the journey',
    requested_at DateTime64(3, 'UTC') COMMENT 'Log time of the decision',
    appended_at DateTime64(3, 'UTC') COMMENT 'Time of the log',
    log_partition UInt32 COMMENT 'Partition on the topic delivery-requests',
    log_offset UInt64 COMMENT 'Offset on the topic delivery-requests'
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(appended_at)
ORDER BY (workspace_id, journey_id, requested_at)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Messages that were decided. Address and text stay on the log';

CREATE TABLE IF NOT EXISTS deliveries
(
    workspace_id LowCardinality(String) COMMENT 'Workspace',
    profile_id String COMMENT 'Profile when it was sent',
    delivery_id String COMMENT 'As in delivery_requests',
    channel LowCardinality(String) COMMENT 'email, sms or webhook',
    journey_id LowCardinality(String) COMMENT 'Journey that asked for it',
    instance_id String COMMENT 'Entry of the person into the journey',
    step_id LowCardinality(String) COMMENT 'Step of the journey',
    status LowCardinality(String) COMMENT 'sent or failed',
    reason LowCardinality(String) COMMENT 'Why it failed; empty when it was sent',
    timestamp DateTime64(3, 'UTC') COMMENT 'When it happened',
    appended_at DateTime64(3, 'UTC') COMMENT 'Time of the log',
    log_partition UInt32 COMMENT 'Partition on the topic deliveries',
    log_offset UInt64 COMMENT 'Offset on the topic deliveries'
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(appended_at)
ORDER BY (workspace_id, journey_id, timestamp)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'What became of messages; with the embedded outbox, sent means that it lies there';

CREATE TABLE IF NOT EXISTS timers
(
    workspace_id LowCardinality(String) COMMENT 'Workspace',
    owner LowCardinality(String) COMMENT 'Service that set it',
    timer_id String COMMENT 'Unique per owner',
    profile_id String COMMENT 'Empty for a timer of the whole workspace',
    purpose LowCardinality(String) COMMENT 'For example segment/lapsed-90-days',
    due_at DateTime64(3, 'UTC') COMMENT 'When it was to fall due',
    fired_at DateTime64(3, 'UTC') COMMENT 'When it did, in log time',
    appended_at DateTime64(3, 'UTC') COMMENT 'Time of the log',
    log_partition UInt32 COMMENT 'Partition on the topic timers',
    log_offset UInt64 COMMENT 'Offset on the topic timers'
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(appended_at)
ORDER BY (workspace_id, owner, fired_at)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Timers that fell due';
