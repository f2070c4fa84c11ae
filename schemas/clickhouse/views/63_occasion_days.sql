-- The events of sales and service that a scorecard counts. Money of a deal is properties.amount, in the reporting currency or unnamed.
CREATE OR REPLACE VIEW occasion_days
AS
SELECT
    happened.workspace_id AS workspace_id,
    toDate(formatDateTime(happened.timestamp, '%Y-%m-%d', zones.time_zone)) AS day,
    toString(happened.event) AS event,
    count() AS occasions,
    sumIf(
        ifNull(toFloat64OrNull(trim(BOTH '"' FROM JSONExtractRaw(happened.properties, 'amount'))), 0),
        happened.event = 'Deal Won' AND happened.currency IN ('', settings.reporting_currency)
    ) AS amount
FROM recorded_touchpoints AS happened
INNER JOIN workspace_zones AS zones ON zones.workspace_id = happened.workspace_id
LEFT ANY JOIN workspace_settings AS settings ON settings.workspace_id = happened.workspace_id
WHERE happened.type = 'track'
    AND happened.event IN ('Meeting Booked', 'Meeting Held', 'Meeting No Show', 'Deal Won', 'Referral Sent', 'Referral Converted', 'Support Ticket Opened', 'Support Ticket Solved')
GROUP BY workspace_id, day, event
COMMENT 'Meetings, deals, referrals and support tickets by day'
