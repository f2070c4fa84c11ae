CREATE OR REPLACE VIEW property_completeness
(
    workspace_id LowCardinality(String) COMMENT 'Workspace',
    source_id LowCardinality(String) COMMENT 'Source',
    event String COMMENT 'Name of the track event',
    property String COMMENT 'Name of a property that the source has sent with it',
    touchpoints UInt64 COMMENT 'Touchpoints of the event from this source',
    filled UInt64 COMMENT 'Those with a value: not null, not an empty text',
    completeness Float64 COMMENT 'filled / touchpoints, from 0 to 1',
    last_received_at DateTime64(3, 'UTC') COMMENT 'When the property was last received with a value'
)
AS
SELECT
    workspace_id,
    source_id,
    event,
    property,
    any(of_event.touchpoints) AS touchpoints,
    count() AS filled,
    filled / touchpoints AS completeness,
    max(received_at) AS last_received_at
FROM
(
    SELECT
        workspace_id,
        source_id,
        recorded.event AS event,
        received_at,
        arrayJoin(JSONExtractKeysAndValuesRaw(properties)) AS one,
        one.1 AS property
    FROM recorded_touchpoints AS recorded
    WHERE type = 'track' AND one.2 NOT IN ('null', '""')
) AS sent
INNER JOIN
(
    SELECT workspace_id, source_id, recorded_touchpoints.event AS event, count() AS touchpoints
    FROM recorded_touchpoints
    WHERE type = 'track'
    GROUP BY workspace_id, source_id, event
) AS of_event USING (workspace_id, source_id, event)
GROUP BY workspace_id, source_id, event, property
COMMENT 'One row a source, event and property. How often each property of an event comes with a value'
