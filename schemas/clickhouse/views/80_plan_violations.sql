-- The collector marks what breaks the tracking plan with flags such as violation:order_id:required.
CREATE OR REPLACE VIEW plan_violations
(
    workspace_id LowCardinality(String) COMMENT 'Workspace',
    source_id LowCardinality(String) COMMENT 'Source that sent the touchpoints',
    event String COMMENT 'Name of the track event, or the type of call',
    rule String COMMENT 'Property and rule, such as order_id:required; unplanned for an event that the plan does not have',
    touchpoints UInt64 COMMENT 'Touchpoints that break the rule',
    first_received_at DateTime64(3, 'UTC') COMMENT 'When the first of them was received',
    last_received_at DateTime64(3, 'UTC') COMMENT 'When the newest of them was received'
)
AS
SELECT
    workspace_id,
    source_id,
    if(type = 'track', recorded.event, toString(type)) AS event,
    substring(flag, 11) AS rule,
    count() AS touchpoints,
    min(received_at) AS first_received_at,
    max(received_at) AS last_received_at
FROM recorded_touchpoints AS recorded
ARRAY JOIN flags AS flag
WHERE startsWith(flag, 'violation:')
GROUP BY workspace_id, source_id, event, rule
COMMENT 'One row a source, event and rule. What breaks the tracking plan and was kept, by source, event and rule'
