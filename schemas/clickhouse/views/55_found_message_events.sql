-- What a person did with a message names it by delivery_id, or by email_id where another system sent it. An open is of a machine when the
-- sender says so (is_machine or machine_open), or its user agent is the bare one of Apple's mail privacy proxy.
-- PREWHERE: the JSON of other events must not be parsed. Left to itself ClickHouse may test JSON first, or what a join asks for.
CREATE OR REPLACE VIEW found_message_events
AS
SELECT
    workspace_id,
    lone_profile_id,
    named_message AS delivery_id,
    multiIf(
        event IN ('Email Opened'), 'opened',
        event IN ('Email Link Clicked', 'SMS Link Clicked', 'Push Notification Tapped'), 'clicked',
        event IN ('Email Replied', 'SMS Replied'), 'replied',
        event IN ('Email Bounced', 'SMS Undelivered', 'Push Notification Bounced'), 'bounced',
        event IN ('Unsubscribed', 'SMS Unsubscribed'), 'unsubscribed',
        event IN ('Email Marked as Spam'), 'complained',
        'delivered'
    ) AS kind,
    timestamp AS happened_at,
    toUInt8(recorded_touchpoints.is_machine) AS is_machine,
    message_id
FROM recorded_touchpoints
PREWHERE type = 'track'
    AND event IN ('Email Delivered', 'Email Opened', 'Email Link Clicked', 'Email Replied', 'Email Bounced', 'Unsubscribed', 'Email Marked as Spam', 'SMS Delivered', 'SMS Link Clicked', 'SMS Replied', 'SMS Undelivered', 'SMS Unsubscribed', 'Push Notification Received', 'Push Notification Tapped', 'Push Notification Bounced')
COMMENT 'One row an event of a message. What became of messages, as message_events shows it, under the lone profiles that it was recorded for'
