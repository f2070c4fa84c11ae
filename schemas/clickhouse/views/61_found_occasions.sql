-- The events of sales and service that a scorecard counts. What was sent again stands here again, under the same occasion. Money is of deals, as the view deals has it.
-- PREWHERE: the JSON of other events must not be parsed. Left to itself ClickHouse may test JSON first, or what a join asks for.
CREATE OR REPLACE VIEW found_occasions
AS
WITH (SELECT mapFromArrays(groupArray(workspace_id), groupArray(time_zone)) FROM workspace_zones) AS zones
SELECT
    workspace_id,
    toDate(formatDateTime(timestamp, '%Y-%m-%d', coalesce(nullIf(zones[toString(workspace_id)], ''), 'UTC'))) AS day,
    toString(event) AS event,
    coalesce(
        nullIf(
            JSONExtractString(
                properties,
                multiIf(
                    recorded_touchpoints.event = 'Deal Won', 'deal_id',
                    startsWith(recorded_touchpoints.event, 'Referral'), 'referral_id',
                    startsWith(recorded_touchpoints.event, 'Support'), 'ticket_id',
                    'meeting_id'
                )
            ),
            ''
        ),
        message_id
    ) AS occasion,
    toString(currency) AS currency,
    if(
        recorded_touchpoints.event = 'Deal Won',
        coalesce(recorded_touchpoints.total, toDecimal64OrNull(JSONExtractString(properties, 'amount'), 4)),
        NULL
    ) AS amount
FROM recorded_touchpoints
PREWHERE recorded_touchpoints.type = 'track'
    AND recorded_touchpoints.event IN ('Meeting Booked', 'Meeting Held', 'Meeting No Show', 'Deal Won', 'Referral Sent', 'Referral Converted', 'Support Ticket Opened', 'Support Ticket Solved')
COMMENT 'One row an occasion that was recorded. Meetings, deals, referrals and support tickets as they were recorded, by the day of their workspace; occasion is the id that counts once'
