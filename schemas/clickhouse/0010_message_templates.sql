CREATE TABLE IF NOT EXISTS message_templates
(
    template_id LowCardinality(String) COMMENT 'Template, as in deploy/definitions/templates',
    name String COMMENT 'Name for people',
    channel LowCardinality(String) COMMENT 'email, sms or webhook',
    type LowCardinality(String) COMMENT 'promotional, value-adding, transactional or survey',
    loaded_at DateTime64(3, 'UTC') COMMENT 'When the definitions were read; the newest row of a template counts'
)
ENGINE = ReplacingMergeTree(loaded_at)
ORDER BY template_id
COMMENT 'The message templates that are declared. Read it with FINAL';
