CREATE OR REPLACE VIEW support_tickets
AS
SELECT
    workspace_id,
    coalesce(nullIf(JSONExtractString(properties, 'ticket_id'), ''), message_id) AS ticket_id,
    argMin(touchpoints.profile_id, stamp) AS profile_id,
    minIf(toNullable(timestamp), event = 'Support Ticket Opened') AS opened_at,
    maxIf(toNullable(timestamp), event = 'Support Ticket Solved') AS last_solved_at,
    -- One that was opened again after it was solved is open.
    if(last_solved_at >= maxIf(toNullable(timestamp), event = 'Support Ticket Opened') OR opened_at IS NULL, last_solved_at, NULL) AS solved_at,
    countIf(event = 'Support Ticket Opened') AS times_opened,
    CAST(solved_at IS NULL, 'Bool') AS is_open,
    if(opened_at IS NULL OR solved_at IS NULL, NULL, greatest(dateDiff('second', opened_at, solved_at), 0)) AS seconds_to_solve,
    argMinIf(JSONExtractString(properties, 'channel'), stamp, event = 'Support Ticket Opened') AS channel,
    argMaxIf(JSONExtractString(properties, 'priority'), stamp, JSONExtractString(properties, 'priority') != '') AS priority
FROM
(
    SELECT *, (timestamp, received_at, log_partition, log_offset) AS stamp
    FROM touchpoints
    WHERE type = 'track' AND event IN ('Support Ticket Opened', 'Support Ticket Solved')
) AS touchpoints
GROUP BY workspace_id, ticket_id
COMMENT 'One row a support ticket, open or solved'
