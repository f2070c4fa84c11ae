-- What is said again later holds: a task that changes its owner or its day is created again under its id. It is done when it first was.
CREATE OR REPLACE VIEW tasks
AS
SELECT
    workspace_id,
    coalesce(nullIf(JSONExtractString(properties, 'task_id'), ''), message_id) AS task_id,
    argMin(touchpoints.profile_id, stamp) AS profile_id,
    argMaxIf(JSONExtractString(properties, 'owner_id'), stamp, JSONHas(properties, 'owner_id')) AS owner_id,
    argMaxIf(JSONExtractString(properties, 'kind'), stamp, JSONExtractString(properties, 'kind') != '') AS kind,
    minIf(toNullable(timestamp), event = 'Task Created') AS created_at,
    argMaxIf(parseDateTime64BestEffortOrNull(JSONExtractString(properties, 'due_at'), 3, 'UTC'), stamp, JSONHas(properties, 'due_at')) AS due_at,
    minIf(toNullable(timestamp), event = 'Task Completed') AS completed_at,
    CAST(completed_at IS NULL, 'Bool') AS is_open,
    CAST(ifNull(coalesce(completed_at, now64(3)) > due_at, false), 'Bool') AS is_overdue
FROM
(
    SELECT *, (timestamp, received_at, log_partition, log_offset) AS stamp
    FROM touchpoints
    WHERE type = 'track' AND event IN ('Task Created', 'Task Completed')
) AS touchpoints
GROUP BY workspace_id, task_id
COMMENT 'One row a task: what somebody in the house has to do next for a person. What it is about (subject) is in properties of the touchpoint'
