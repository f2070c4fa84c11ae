-- Messages of our own journeys (what was decided, and what became of it), and those that another system says it sent (Email Sent or Email Delivered with an
-- email_id, SMS Sent, Push Notification Sent). A message that was sent and did not bounce was delivered.
-- PREWHERE: the JSON of other events must not be parsed. Left to itself ClickHouse may test JSON first, or what a join asks for.
CREATE OR REPLACE VIEW found_messages
AS
SELECT
    asked.workspace_id AS workspace_id,
    asked.profile_id AS profile_id,
    asked.delivery_id AS delivery_id,
    toString(asked.channel) AS channel,
    toString(asked.journey_id) AS journey_id,
    toString(asked.step_id) AS step_id,
    '' AS variant,
    toString(asked.template_id) AS template_id,
    '' AS given_type,
    asked.requested_at AS requested_at,
    toString(became.status) AS status,
    toString(became.reason) AS reason,
    if(status = '', NULL, became.became_at) AS sent_at
FROM (SELECT * FROM delivery_requests LIMIT 1 BY workspace_id, delivery_id) AS asked
LEFT ANY JOIN
(
    SELECT workspace_id, delivery_id, argMax(deliveries.status, (timestamp, appended_at)) AS status, argMax(deliveries.reason, (timestamp, appended_at)) AS reason, max(timestamp) AS became_at
    FROM deliveries
    GROUP BY workspace_id, delivery_id
) AS became ON became.workspace_id = asked.workspace_id AND became.delivery_id = asked.delivery_id
UNION ALL
SELECT
    workspace_id,
    lone_profile_id AS profile_id,
    JSONExtractString(properties, 'email_id') AS delivery_id,
    multiIf(startsWith(event, 'Email'), 'email', startsWith(event, 'SMS'), 'sms', 'push') AS channel,
    coalesce(nullIf(JSONExtractString(properties, 'journey_id'), ''), nullIf(JSONExtractString(properties, 'campaign_id'), ''), JSONExtractString(properties, 'campaign_name')) AS journey_id,
    JSONExtractString(properties, 'step_id') AS step_id,
    JSONExtractString(properties, 'variant') AS variant,
    JSONExtractString(properties, 'template_id') AS template_id,
    JSONExtractString(properties, 'message_type') AS given_type,
    timestamp AS requested_at,
    'sent' AS status,
    '' AS reason,
    timestamp AS sent_at
FROM recorded_touchpoints
PREWHERE type = 'track'
    AND event IN ('Email Sent', 'Email Delivered', 'SMS Sent', 'SMS Delivered', 'Push Notification Sent', 'Push Notification Received')
WHERE JSONExtractString(properties, 'delivery_id') = '' AND delivery_id != ''
ORDER BY timestamp
LIMIT 1 BY workspace_id, delivery_id
COMMENT 'One row a message. Messages as messages shows them, under the profiles that they were recorded for: what counts them need not know who those are today'
