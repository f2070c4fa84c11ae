CREATE OR REPLACE VIEW message_days
AS
WITH (SELECT mapFromArrays(groupArray(workspace_id), groupArray(time_zone)) FROM workspace_zones) AS zones
SELECT
    message.workspace_id AS workspace_id,
    toDate(formatDateTime(assumeNotNull(message.sent_at), '%Y-%m-%d', coalesce(nullIf(zones[toString(message.workspace_id)], ''), 'UTC'))) AS day,
    count() AS sent,
    countIf(NOT event.bounced) AS delivered,
    countIf(NOT event.bounced AND (event.opened OR event.clicked)) AS opened,
    countIf(NOT event.bounced AND event.clicked) AS clicked,
    countIf(event.unsubscribed) AS unsubscribed,
    countIf(event.complained) AS complained
FROM found_messages AS message
LEFT ANY JOIN
(
    SELECT
        workspace_id,
        delivery_id,
        countIf(kind = 'opened' AND NOT is_machine) > 0 AS opened,
        countIf(kind = 'clicked' AND NOT is_machine) > 0 AS clicked,
        countIf(kind = 'bounced') > 0 AS bounced,
        countIf(kind = 'unsubscribed') > 0 AS unsubscribed,
        countIf(kind = 'complained') > 0 AS complained
    FROM found_message_events
    GROUP BY workspace_id, delivery_id
) AS event ON event.workspace_id = message.workspace_id AND event.delivery_id = message.delivery_id
WHERE message.status = 'sent'
GROUP BY workspace_id, day
COMMENT 'One row a day. Messages by the day they were sent, and what ever happened to them; opened by people only'
