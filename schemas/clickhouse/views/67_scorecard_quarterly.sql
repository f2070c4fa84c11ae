-- value-90-days: net revenue within 90 days of the first order, per customer whose first order fell into the quarter, all together and by what first
-- brought them (label); null until all of them have had 90 days. repeat-rate: of the customers whose first order fell into the quarter before, those
-- who had ordered on another day by the end of this one. loyal-share: of this quarter's customers, those on their third order day or later.
-- ltv: net revenue of all customers so far, per customer. revenue-retention: revenue of this quarter from the customers of the quarter before, over theirs then.
CREATE OR REPLACE VIEW scorecard_quarterly
(
    workspace_id String COMMENT 'Workspace',
    period_start Date COMMENT 'First day of the quarter, in the time zone of the workspace',
    layer String COMMENT 'attention, trust, behaviour or revenue',
    metric String COMMENT 'Id, as in deploy/definitions/scorecard',
    label String COMMENT 'Part that the figure is about, for example a source; empty for all',
    value Nullable(Float64) COMMENT 'The figure; null when there is nothing to divide by',
    base Float64 COMMENT 'What it rests on: the number it is a share or a mean of, or itself'
)
AS
SELECT workspace_id, period_start, figure.1 AS layer, figure.2 AS metric, figure.5 AS label, figure.3 AS value, figure.4 AS base
FROM
(
    SELECT
        spine.workspace_id AS workspace_id,
        spine.period_start AS period_start,
        toFloat64(bought.customers) AS customers,
        toFloat64(bought.new_customers) AS new_customers,
        toFloat64(lagInFrame(bought.new_customers) OVER earlier) AS new_customers_before,
        toFloat64(lagInFrame(bought.repeated_by_next) OVER earlier) AS repeated,
        toFloat64(lagInFrame(bought.revenue) OVER earlier) AS revenue_before,
        toFloat64(sum(bought.new_customers) OVER so_far) AS customers_so_far,
        toFloat64(sum(bought.net) OVER so_far) AS net_so_far,
        toFloat64(told.referred) AS referred,
        arrayConcat(
            [
                ('attention', 'named-source-share', if(new_customers = 0, NULL, bought.named / new_customers), new_customers, ''),
                ('attention', 'new-customers', toNullable(new_customers), new_customers, ''),
                ('trust', 'referrals-sent', toNullable(toFloat64(told.sent)), toFloat64(told.sent), ''),
                ('trust', 'referred-share', if(new_customers = 0, NULL, referred / new_customers), new_customers, ''),
                ('behaviour', 'repeat-rate', if(new_customers_before = 0, NULL, repeated / new_customers_before), new_customers_before, ''),
                ('behaviour', 'loyal-share', if(customers = 0, NULL, bought.loyal / customers), customers, ''),
                ('revenue', 'value-90-days', if(new_customers = 0 OR bought.is_complete = 0, NULL, bought.value_90_days / new_customers), new_customers, ''),
                ('revenue', 'ltv', if(customers_so_far = 0, NULL, net_so_far / customers_so_far), customers_so_far, ''),
                ('revenue', 'revenue-retention', if(revenue_before <= 0, NULL, toFloat64(bought.kept_revenue) / revenue_before), revenue_before, '')
            ],
            arrayMap(channel -> ('attention', 'channel-quality', channel.2, channel.3, channel.1), bought.channels)
        ) AS figures
    FROM (SELECT workspace_id, period_start FROM scorecard_periods WHERE rhythm = 'quarterly') AS spine
    LEFT ANY JOIN
    (
        -- The first quarter of a customer counts for the source that brought her, all others for none ('').
        SELECT
            workspace_id,
            quarter,
            sum(by_source.customers) AS customers,
            sum(by_source.loyal) AS loyal,
            sum(by_source.revenue) AS revenue,
            sum(by_source.kept_revenue) AS kept_revenue,
            sum(by_source.net) AS net,
            sum(by_source.people) AS new_customers,
            sumIf(by_source.people, source != '(direct)') AS named,
            sum(by_source.repeated) AS repeated_by_next,
            toFloat64(sum(by_source.value)) AS value_90_days,
            min(by_source.complete) AS is_complete,
            groupArrayIf((source, if(by_source.complete = 0, NULL, toFloat64(by_source.value) / by_source.people), toFloat64(by_source.people)), by_source.people > 0) AS channels
        FROM
        (
            -- A customer of a quarter is counted on the last day of it on which she ordered. A day of refunds alone counts for the net revenue only.
            SELECT
                bought.workspace_id AS workspace_id,
                bought.quarter AS quarter,
                if(bought.is_new, coalesce(nullIf(seen.acquisition_source, ''), '(direct)'), '') AS source,
                countIf(bought.is_last) AS customers,
                countIf(bought.is_last AND bought.number >= 3) AS loyal,
                sum(bought.revenue) AS revenue,
                sumIf(bought.revenue, toStartOfQuarter(bought.day_before_quarter) = addQuarters(bought.quarter, -1)) AS kept_revenue,
                sum(bought.revenue) - sum(bought.refunded) AS net,
                countIf(bought.is_new) AS people,
                countIf(bought.is_new AND bought.day_after < addQuarters(bought.quarter, 2)) AS repeated,
                sumIf(bought.value_90_days, bought.is_new) AS value,
                min(NOT bought.is_new OR bought.day + 90 <= known.last_day) AS complete
            FROM
            (
                SELECT
                    *,
                    toStartOfQuarter(day) AS quarter,
                    number = 1 AS is_new,
                    number > 0 AND (day_after IS NULL OR toStartOfQuarter(day_after) > quarter) AS is_last,
                    if(is_new, person_key, 0) AS key_of_new
                FROM purchase_days
                WHERE is_customer
            ) AS bought
            LEFT ANY JOIN people_seen AS seen ON seen.person_key = bought.key_of_new
            INNER JOIN
            (
                SELECT moved.workspace_id AS workspace_id, toDate(formatDateTime(moved.last_at, '%Y-%m-%d', coalesce(nullIf(zones.time_zone, ''), 'UTC'))) AS last_day
                FROM (SELECT workspace_id, max(timestamp) AS last_at FROM recorded_orders GROUP BY workspace_id) AS moved
                LEFT ANY JOIN workspace_zones AS zones ON zones.workspace_id = moved.workspace_id
            ) AS known ON known.workspace_id = bought.workspace_id
            GROUP BY workspace_id, quarter, source
        ) AS by_source
        GROUP BY workspace_id, quarter
    ) AS bought ON bought.workspace_id = spine.workspace_id AND bought.quarter = spine.period_start
    LEFT ANY JOIN
    (
        SELECT workspace_id, toStartOfQuarter(day) AS quarter, uniqExactIf((day, occasion), event = 'Referral Sent') AS sent, uniqExactIf((day, occasion), event = 'Referral Converted') AS referred
        FROM found_occasions
        WHERE event IN ('Referral Sent', 'Referral Converted')
        GROUP BY workspace_id, quarter
    ) AS told ON told.workspace_id = spine.workspace_id AND told.quarter = spine.period_start
    WINDOW
        earlier AS (PARTITION BY spine.workspace_id ORDER BY spine.period_start ROWS BETWEEN 1 PRECEDING AND CURRENT ROW),
        so_far AS (PARTITION BY spine.workspace_id ORDER BY spine.period_start ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
)
ARRAY JOIN figures AS figure
COMMENT 'One row a quarter, metric and label. Channel quality, lifetime value, loyalty and expansion by quarter'
