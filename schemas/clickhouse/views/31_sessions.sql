-- A session is a row of touchpoints of a person that no pause of session_minutes interrupts. What happens to a person without
-- her doing (a message arrives, a card is charged) is in none.
CREATE OR REPLACE VIEW sessions
AS
WITH (SELECT mapFromArrays(groupArray(workspace_id), groupArray(session_minutes)) FROM workspace_zones) AS minutes
SELECT
    workspace_id,
    profile_id,
    session[1].2 AS session_id,
    fromUnixTimestamp64Milli(session[1].1, 'UTC') AS started_at,
    fromUnixTimestamp64Milli(session[-1].1, 'UTC') AS ended_at,
    toUInt64(length(session)) AS touchpoints,
    toUInt64(countEqual(session.3, '')) AS pages,
    toUInt64(countEqual(session.3, 'Order Completed')) AS orders,
    session[1].4 AS landing_path,
    arrayFirst(touch -> touch.5 != '' OR touch.6 != '' OR touch.7 != '', session) AS with_campaign,
    arrayFirst(touch -> touch.8 != '', session).8 AS referrer_host,
    with_campaign.5 != '' OR with_campaign.6 != '' OR with_campaign.7 != '' AS has_campaign,
    multiIf(has_campaign, with_campaign.5, referrer_host != '', referrer_host, '(direct)') AS source,
    multiIf(has_campaign, with_campaign.6, referrer_host != '', 'referral', '(none)') AS medium,
    with_campaign.7 AS campaign
FROM
(
    SELECT
        any(timeline.workspace_id) AS workspace_id,
        any(timeline.profile_id) AS profile_id,
        arraySort(
            groupArray(
                (
                    toUnixTimestamp64Milli(timestamp),
                    message_id,
                    toString(event),
                    page_path,
                    toString(campaign_source),
                    toString(campaign_medium),
                    toString(campaign_name),
                    toString(timeline.referrer_host)
                )
            )
        ) AS touches,
        greatest(minutes[toString(workspace_id)], 1) * 60000 AS pause,
        arraySplit((touch, gap) -> gap >= pause, touches, arrayDifference(touches.1)) AS of_person
    FROM timeline
    WHERE type IN ('page', 'screen', 'track')
        AND event NOT IN ('Message Sent', 'Email Delivered', 'Email Opened', 'Email Bounced', 'Email Marked as Spam', 'Unsubscribed', 'Order Refunded', 'Order Cancelled', 'Order Updated', 'Subscription Renewed', 'Subscription Payment Failed', 'Support Ticket Solved', 'Task Created', 'Task Completed')
    GROUP BY person_key
)
ARRAY JOIN of_person AS session
COMMENT 'One row a visit of a person: a row of touchpoints without a pause of session_minutes (30 when not declared otherwise)'
