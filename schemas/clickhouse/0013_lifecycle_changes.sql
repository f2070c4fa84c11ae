CREATE TABLE IF NOT EXISTS lifecycle_changes
(
    workspace_id LowCardinality(String) COMMENT 'Workspace',
    profile_id String COMMENT 'Profile when it was decided',
    from_stage LowCardinality(String) COMMENT 'Stage before; empty when the person was not known before',
    to_stage LowCardinality(String) COMMENT 'Stage from then on, as in deploy/definitions/profile',
    reason LowCardinality(String) COMMENT 'Why, in words: the definition of the stage that holds',
    timestamp DateTime64(3, 'UTC') COMMENT 'Since when: event time, or the moment the time had passed',
    decided_at DateTime64(3, 'UTC') COMMENT 'Log time of the decision; late touchpoints make it later than timestamp',
    cause_id String COMMENT 'Touchpoint, timer or merge that showed it',
    imported Bool COMMENT 'The cause was imported history',
    appended_at DateTime64(3, 'UTC') COMMENT 'Time of the log',
    log_partition UInt32 COMMENT 'Partition on the topic lifecycle-stages',
    log_offset UInt64 COMMENT 'Offset on the topic lifecycle-stages'
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(appended_at)
ORDER BY (workspace_id, profile_id, decided_at)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Changes of the lifecycle stage of people, each as it was decided';
