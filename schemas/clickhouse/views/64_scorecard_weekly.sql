-- What each figure means, who owns it and what to do when it moves: deploy/definitions/scorecard. Null: nothing to divide by.
CREATE OR REPLACE VIEW scorecard_weekly
(
    workspace_id String COMMENT 'Workspace',
    period_start Date COMMENT 'Monday of the week, in the time zone of the workspace',
    layer String COMMENT 'attention, trust, behaviour or revenue',
    metric String COMMENT 'Id, as in deploy/definitions/scorecard',
    label String COMMENT 'Part that the figure is about; empty for all',
    value Nullable(Float64) COMMENT 'The figure; null when there is nothing to divide by',
    base Float64 COMMENT 'What it rests on: the number it is a share or a mean of, or itself'
)
AS
SELECT workspace_id, period_start, figure.1 AS layer, figure.2 AS metric, '' AS label, figure.3 AS value, figure.4 AS base
FROM
(
    SELECT
        spine.workspace_id AS workspace_id,
        spine.period_start AS period_start,
        toFloat64(mail.delivered) AS delivered,
        toFloat64(met.held + met.missed) AS meetings,
        [
            ('attention', 'messages-sent', toNullable(toFloat64(mail.sent)), toFloat64(mail.sent)),
            ('attention', 'open-rate', if(delivered = 0, NULL, mail.opened / delivered), delivered),
            ('attention', 'click-rate', if(delivered = 0, NULL, mail.clicked / delivered), delivered),
            ('trust', 'unsubscribe-rate', if(delivered = 0, NULL, mail.unsubscribed / delivered), delivered),
            ('trust', 'complaint-rate', if(delivered = 0, NULL, mail.complained / delivered), delivered),
            ('behaviour', 'new-leads', toNullable(toFloat64(lead.people)), toFloat64(lead.people)),
            ('behaviour', 'meetings-booked', toNullable(toFloat64(met.booked)), toFloat64(met.booked)),
            ('behaviour', 'meetings-held-rate', if(meetings = 0, NULL, met.held / meetings), meetings),
            ('revenue', 'orders', toNullable(toFloat64(sold.orders)), toFloat64(sold.orders)),
            ('revenue', 'order-value', toNullable(toFloat64(sold.revenue)), toFloat64(sold.orders)),
            ('revenue', 'new-customers', toNullable(toFloat64(sold.new_customers)), toFloat64(sold.new_customers)),
            ('revenue', 'deals-won-value', toNullable(toFloat64(met.won)), toFloat64(met.deals))
        ] AS figures
    FROM (SELECT workspace_id, period_start FROM scorecard_periods WHERE rhythm = 'weekly') AS spine
    LEFT ANY JOIN
    (
        SELECT workspace_id, toMonday(day) AS week, sum(sent) AS sent, sum(message_days.delivered) AS delivered, sum(message_days.opened) AS opened, sum(message_days.clicked) AS clicked, sum(message_days.unsubscribed) AS unsubscribed, sum(message_days.complained) AS complained
        FROM message_days
        GROUP BY workspace_id, week
    ) AS mail ON mail.workspace_id = spine.workspace_id AND mail.week = spine.period_start
    LEFT ANY JOIN
    (
        WITH
            (SELECT (anyIf(workspace_id, is_default), anyIf(time_zone, is_default), mapFromArrays(groupArray(workspace_id), groupArray(time_zone))) FROM workspace_zones) AS zones
        SELECT
            workspace_id,
            toMonday(if(workspace_id = zones.1, toDate(identified, coalesce(nullIf(zones.2, ''), 'UTC')), toDate(formatDateTime(identified, '%Y-%m-%d', coalesce(nullIf(zones.3[toString(workspace_id)], ''), 'UTC'))))) AS week,
            count() AS people
        FROM people_seen
        WHERE is_person
        GROUP BY workspace_id, week
    ) AS lead ON lead.workspace_id = spine.workspace_id AND lead.week = spine.period_start
    LEFT ANY JOIN
    (
        SELECT
            workspace_id,
            toMonday(day) AS week,
            sumIf(occasions, event = 'Meeting Booked') AS booked,
            sumIf(occasions, event = 'Meeting Held') AS held,
            sumIf(occasions, event = 'Meeting No Show') AS missed,
            sumIf(occasions, event = 'Deal Won') AS deals,
            sum(amount) AS won
        FROM occasion_days
        GROUP BY workspace_id, week
    ) AS met ON met.workspace_id = spine.workspace_id AND met.week = spine.period_start
    LEFT ANY JOIN
    (
        SELECT workspace_id, toMonday(day) AS week, sum(purchase_days.orders) AS orders, sum(purchase_days.revenue) AS revenue, countIf(number = 1 AND is_customer) AS new_customers
        FROM purchase_days
        GROUP BY workspace_id, week
    ) AS sold ON sold.workspace_id = spine.workspace_id AND sold.week = spine.period_start
)
ARRAY JOIN figures AS figure
COMMENT 'One row a week and metric. Campaigns, lead flow and bookings by week'
