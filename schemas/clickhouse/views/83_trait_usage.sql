CREATE OR REPLACE VIEW trait_usage
(
    workspace_id LowCardinality(String) COMMENT 'Workspace',
    trait String COMMENT 'Name of a trait that identify calls have sent',
    touchpoints UInt64 COMMENT 'identify calls that sent it with a value',
    profiles UInt64 COMMENT 'Profiles, as they were recorded, that it was said of',
    last_received_at DateTime64(3, 'UTC') COMMENT 'When it was last received'
)
AS
SELECT
    workspace_id,
    trait,
    count() AS touchpoints,
    uniqExact(lone_profile_id) AS profiles,
    max(received_at) AS last_received_at
FROM
(
    SELECT
        workspace_id,
        lone_profile_id,
        received_at,
        arrayJoin(JSONExtractKeysAndValuesRaw(traits)) AS one,
        one.1 AS trait
    FROM recorded_touchpoints
    WHERE type = 'identify' AND one.2 NOT IN ('null', '""')
) AS sent
GROUP BY workspace_id, trait
COMMENT 'One row a trait. Traits that are sent, by how many people they are said of, and how lately'
