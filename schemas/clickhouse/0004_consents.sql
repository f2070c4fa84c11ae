ALTER TABLE consents
    ADD COLUMN IF NOT EXISTS lone_profile_id String DEFAULT profile_id COMMENT 'Whose statement it is, whatever is merged or split later',
    ADD COLUMN IF NOT EXISTS lawful_basis LowCardinality(String) DEFAULT 'consent' COMMENT 'Ground on which it was asked',
    ADD COLUMN IF NOT EXISTS source_id LowCardinality(String) COMMENT 'Where it was said',
    ADD COLUMN IF NOT EXISTS text_version LowCardinality(String) COMMENT 'Version of the text that was agreed to; empty when not given',
    ADD COLUMN IF NOT EXISTS expires_at Nullable(DateTime64(3, 'UTC')) COMMENT 'From then on the statement says nothing any more',
    ADD COLUMN IF NOT EXISTS received_at DateTime64(3, 'UTC') DEFAULT timestamp COMMENT 'Log time of the touchpoint',
    ADD COLUMN IF NOT EXISTS settles Array(String) COMMENT 'Lone profiles whose earlier statements it overrides while they are the same person',
    MODIFY COLUMN status LowCardinality(String) COMMENT 'granted, denied or withdrawn';

CREATE TABLE IF NOT EXISTS preferences
(
    workspace_id LowCardinality(String) COMMENT 'Workspace',
    profile_id String COMMENT 'Profile when it was recorded',
    lone_profile_id String COMMENT 'Whose wish it is, whatever is merged or split later',
    name LowCardinality(String) COMMENT 'frequency or paused-until',
    value LowCardinality(String) COMMENT 'Id of a frequency, or an ISO 8601 time; empty when taken back',
    source_id LowCardinality(String) COMMENT 'Where it was said',
    timestamp DateTime64(3, 'UTC') COMMENT 'Event time',
    received_at DateTime64(3, 'UTC') COMMENT 'Log time of the touchpoint',
    message_id String COMMENT 'Touchpoint that said so',
    settles Array(String) COMMENT 'Lone profiles whose earlier wishes it overrides while they are the same person',
    appended_at DateTime64(3, 'UTC') COMMENT 'Time of the log',
    log_partition UInt32 COMMENT 'Partition on the topic consents',
    log_offset UInt64 COMMENT 'Offset on the topic consents'
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(appended_at)
ORDER BY (workspace_id, profile_id, name, timestamp)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'How people wish to be written to, every change';
