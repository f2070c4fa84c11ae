-- The events of sales and service that a scorecard counts, each deal, referral, ticket or meeting once a day, by its id.
-- Money of a deal is properties.amount, in the reporting currency or unnamed.
CREATE OR REPLACE VIEW occasion_days
AS
SELECT
    happened.workspace_id AS workspace_id,
    toDate(formatDateTime(happened.timestamp, '%Y-%m-%d', zones.time_zone)) AS day,
    toString(happened.event) AS event,
    uniqExact(happened.occasion) AS occasions,
    arraySum(
        mapValues(
            maxMap(
                map(
                    happened.occasion,
                    if(
                        happened.event = 'Deal Won' AND happened.currency IN ('', settings.reporting_currency),
                        toDecimal128(ifNull(toDecimal64OrNull(JSONExtractString(happened.properties, 'amount'), 4), 0), 4),
                        toDecimal128(0, 4)
                    )
                )
            )
        )
    ) AS amount
FROM
(
    SELECT
        *,
        coalesce(
            nullIf(
                JSONExtractString(properties, multiIf(event = 'Deal Won', 'deal_id', startsWith(event, 'Referral'), 'referral_id', startsWith(event, 'Support'), 'ticket_id', 'meeting_id')),
                ''
            ),
            message_id
        ) AS occasion
    FROM recorded_touchpoints
    WHERE type = 'track'
        AND event IN ('Meeting Booked', 'Meeting Held', 'Meeting No Show', 'Deal Won', 'Referral Sent', 'Referral Converted', 'Support Ticket Opened', 'Support Ticket Solved')
) AS happened
INNER JOIN workspace_zones AS zones ON zones.workspace_id = happened.workspace_id
LEFT ANY JOIN workspace_settings AS settings ON settings.workspace_id = happened.workspace_id
GROUP BY workspace_id, day, event
COMMENT 'Meetings, deals, referrals and support tickets by day'
