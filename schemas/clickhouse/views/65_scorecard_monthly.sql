-- retention: of the customers of the month before, those who ordered in this one. returning: of this month's customers, those who had ordered before it.
-- lapsed: customers whose last order is lapse_days (of the workspace) old in this month. reactivated: those who ordered after such a pause.
-- People are counted by half of their key, which tells ten million apart but for one chance in 370,000.
CREATE OR REPLACE VIEW scorecard_monthly
(
    workspace_id String COMMENT 'Workspace',
    period_start Date COMMENT 'First day of the month, in the time zone of the workspace',
    layer String COMMENT 'attention, trust, behaviour or revenue',
    metric String COMMENT 'Id, as in deploy/definitions/scorecard',
    label String COMMENT 'Part that the figure is about; empty for all',
    value Nullable(Float64) COMMENT 'The figure; null when there is nothing to divide by',
    base Float64 COMMENT 'What it rests on: the number it is a share or a mean of, or itself'
)
AS
WITH
    (
        SELECT (anyIf(workspace_id, is_default), anyIf(time_zone, is_default), mapFromArrays(groupArray(workspace_id), groupArray(time_zone)), groupArray(workspace_id), groupArray(lapse_days))
        FROM workspace_zones
    ) AS zones
SELECT workspace_id, period_start, figure.1 AS layer, figure.2 AS metric, '' AS label, figure.3 AS value, figure.4 AS base
FROM
(
    SELECT
        spine.workspace_id AS workspace_id,
        spine.period_start AS period_start,
        toFloat64(bought.customers) AS customers,
        toFloat64(lagInFrame(bought.customers) OVER (PARTITION BY spine.workspace_id ORDER BY spine.period_start ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)) AS customers_before,
        toFloat64(said.nps_answers) AS nps_answers,
        toFloat64(said.csat_answers) AS csat_answers,
        toFloat64(starred.reviews) AS reviews,
        toFloat64(bought.orders) AS orders,
        toFloat64(bought.gross) AS gross,
        toFloat64(bought.refunded) AS refunded,
        [
            ('attention', 'active-people', toNullable(toFloat64(active.people)), toFloat64(active.people)),
            ('trust', 'nps', if(nps_answers = 0, NULL, 100 * (toFloat64(said.promoters) - toFloat64(said.detractors)) / nps_answers), nps_answers),
            ('trust', 'csat', if(csat_answers = 0, NULL, said.satisfied / csat_answers), csat_answers),
            ('trust', 'average-rating', if(reviews = 0, NULL, starred.stars / reviews), reviews),
            ('trust', 'refund-rate', if(gross <= 0, NULL, refunded / gross), orders),
            ('trust', 'tickets-opened', toNullable(toFloat64(served.opened)), toFloat64(served.opened)),
            ('behaviour', 'retention', if(customers_before = 0, NULL, bought.retained / customers_before), customers_before),
            ('behaviour', 'returning-customers', if(customers = 0, NULL, bought.returning / customers), customers),
            ('behaviour', 'lapsed-customers', toNullable(toFloat64(bought.lapsed)), toFloat64(bought.lapsed)),
            ('behaviour', 'reactivated-customers', toNullable(toFloat64(bought.reactivated)), toFloat64(bought.reactivated)),
            ('revenue', 'net-revenue', toNullable(gross - refunded), orders),
            ('revenue', 'average-order-value', if(orders = 0, NULL, gross / orders), orders),
            ('revenue', 'revenue-per-customer', if(customers = 0, NULL, toFloat64(bought.revenue) / customers), customers)
        ] AS figures
    FROM (SELECT workspace_id, period_start FROM scorecard_periods WHERE rhythm = 'monthly') AS spine
    LEFT ANY JOIN
    (
        SELECT workspace_id, month, uniqExact(toUInt64(person_key)) AS people
        FROM
        (
            SELECT
                seen.workspace_id AS workspace_id,
                if(survivor.survivor_key = 0, seen.lone_key, survivor.survivor_key) AS person_key,
                arrayJoin(seen.active_moments) AS moment,
                toStartOfMonth(if(seen.workspace_id = zones.1, toDate(moment, coalesce(nullIf(zones.2, ''), 'UTC')), toDate(formatDateTime(moment, '%Y-%m-%d', coalesce(nullIf(zones.3[toString(seen.workspace_id)], ''), 'UTC'))))) AS month
            FROM profile_activity AS seen
            LEFT ANY JOIN profile_survivors AS survivor ON survivor.lone_key = seen.lone_key
        )
        GROUP BY workspace_id, month
    ) AS active ON active.workspace_id = spine.workspace_id AND active.month = spine.period_start
    LEFT ANY JOIN
    (
        SELECT
            workspace_id,
            toStartOfMonth(toDate(formatDateTime(responded_at, '%Y-%m-%d', coalesce(nullIf(zones.3[toString(workspace_id)], ''), 'UTC')))) AS month,
            countIf(kind = 'nps') AS nps_answers,
            countIf(kind = 'nps' AND score >= 9) AS promoters,
            countIf(kind = 'nps' AND score <= 6) AS detractors,
            countIf(kind = 'csat') AS csat_answers,
            countIf(kind = 'csat' AND score >= 4) AS satisfied
        FROM found_survey_responses
        GROUP BY workspace_id, month
    ) AS said ON said.workspace_id = spine.workspace_id AND said.month = spine.period_start
    LEFT ANY JOIN
    (
        SELECT workspace_id, toStartOfMonth(toDate(formatDateTime(reviewed_at, '%Y-%m-%d', coalesce(nullIf(zones.3[toString(workspace_id)], ''), 'UTC')))) AS month, count() AS reviews, sum(ifNull(rating, 0)) AS stars
        FROM found_reviews
        GROUP BY workspace_id, month
    ) AS starred ON starred.workspace_id = spine.workspace_id AND starred.month = spine.period_start
    LEFT ANY JOIN
    (
        SELECT workspace_id, toStartOfMonth(day) AS month, uniqExact(day, occasion) AS opened
        FROM found_occasions
        WHERE event = 'Support Ticket Opened'
        GROUP BY workspace_id, month
    ) AS served ON served.workspace_id = spine.workspace_id AND served.month = spine.period_start
    LEFT ANY JOIN
    (
        -- Put together by day first: few rows are left to be told which month they count in. A purchase counts in its month, and one that no
        -- other followed in time, in the month in which it became too old. The first purchase of a customer's month says what came before the month.
        SELECT
            workspace_id,
            toStartOfMonth(counted.1) AS month,
            sumIf(by_day.customers, NOT counted.2) AS customers,
            sumIf(by_day.returning, NOT counted.2) AS returning,
            sumIf(by_day.retained, NOT counted.2) AS retained,
            sumIf(by_day.reactivated, NOT counted.2) AS reactivated,
            sumIf(by_day.last_in_time, counted.2) AS lapsed,
            sumIf(by_day.revenue, NOT counted.2) AS revenue,
            sumIf(by_day.orders, NOT counted.2) AS orders,
            sumIf(by_day.gross, NOT counted.2) AS gross,
            sumIf(by_day.refunded, NOT counted.2) AS refunded
        FROM
        (
            WITH
                number > 0 AND is_customer AS is_purchase,
                is_purchase AND (day_before IS NULL OR toStartOfMonth(day_before) < toStartOfMonth(day)) AS is_first_of_month
            SELECT
                workspace_id,
                day,
                transform(workspace_id, zones.4, zones.5, toUInt16(90)) AS lapse_days,
                countIf(is_first_of_month) AS customers,
                countIf(is_first_of_month AND number > 1) AS returning,
                countIf(is_first_of_month AND toStartOfMonth(day_before) = addMonths(toStartOfMonth(day), -1)) AS retained,
                countIf(is_purchase AND day - day_before >= lapse_days) AS reactivated,
                countIf(is_purchase AND (day_after IS NULL OR day_after - day > lapse_days)) AS last_in_time,
                sumIf(purchase_days.revenue, is_purchase) AS revenue,
                sum(purchase_days.orders) AS orders,
                sum(purchase_days.revenue) AS gross,
                sum(purchase_days.refunded) AS refunded
            FROM purchase_days
            GROUP BY workspace_id, day
        ) AS by_day
        ARRAY JOIN [(day, false), (day + lapse_days, true)] AS counted
        GROUP BY workspace_id, month
    ) AS bought ON bought.workspace_id = spine.workspace_id AND bought.month = spine.period_start
)
ARRAY JOIN figures AS figure
COMMENT 'One row a month and metric. Retention, lifecycle movement, feedback and revenue by month'
