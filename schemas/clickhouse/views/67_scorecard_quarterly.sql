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
        toFloat64(fresh.new_customers) AS new_customers,
        toFloat64(lagInFrame(fresh.new_customers) OVER earlier) AS new_customers_before,
        toFloat64(lagInFrame(fresh.repeated_by_next) OVER earlier) AS repeated,
        toFloat64(lagInFrame(bought.revenue) OVER earlier) AS revenue_before,
        toFloat64(sum(fresh.new_customers) OVER so_far) AS customers_so_far,
        toFloat64(sum(bought.net) OVER so_far) AS net_so_far,
        toFloat64(told.referred) AS referred,
        arrayConcat(
            [
                ('attention', 'named-source-share', if(new_customers = 0, NULL, fresh.named / new_customers), new_customers, ''),
                ('attention', 'new-customers', toNullable(new_customers), new_customers, ''),
                ('trust', 'referrals-sent', toNullable(toFloat64(told.sent)), toFloat64(told.sent), ''),
                ('trust', 'referred-share', if(new_customers = 0, NULL, referred / new_customers), new_customers, ''),
                ('behaviour', 'repeat-rate', if(new_customers_before = 0, NULL, repeated / new_customers_before), new_customers_before, ''),
                ('behaviour', 'loyal-share', if(customers = 0, NULL, bought.loyal / customers), customers, ''),
                ('revenue', 'value-90-days', if(new_customers = 0 OR fresh.is_complete = 0, NULL, fresh.value_90_days / new_customers), new_customers, ''),
                ('revenue', 'ltv', if(customers_so_far = 0, NULL, net_so_far / customers_so_far), customers_so_far, ''),
                ('revenue', 'revenue-retention', if(revenue_before <= 0, NULL, toFloat64(bought.kept_revenue) / revenue_before), revenue_before, '')
            ],
            arrayMap(channel -> ('attention', 'channel-quality', channel.2, channel.3, channel.1), fresh.channels)
        ) AS figures
    FROM (SELECT workspace_id, period_start FROM scorecard_periods WHERE rhythm = 'quarterly') AS spine
    LEFT ANY JOIN
    (
        -- A quarter in which a customer was only given money back has no purchase, and counts for the net revenue alone.
        SELECT
            workspace_id,
            quarter,
            countIf(furthest > 0) AS customers,
            countIf(furthest >= 3) AS loyal,
            sum(spent) AS revenue,
            sumIf(spent, furthest > 0 AND quarter_before = addQuarters(quarter, -1)) AS kept_revenue,
            revenue - sum(given_back) AS net
        FROM
        (
            SELECT
                workspace_id,
                person_key,
                toStartOfQuarter(day) AS quarter,
                max(number) AS furthest,
                sum(purchase_days.revenue) AS spent,
                sum(purchase_days.refunded) AS given_back,
                toStartOfQuarter(argMinIf(day_before, purchase_days.day, number > 0)) AS quarter_before
            FROM purchase_days
            WHERE is_customer
            GROUP BY workspace_id, person_key, quarter
        )
        GROUP BY workspace_id, quarter
    ) AS bought ON bought.workspace_id = spine.workspace_id AND bought.quarter = spine.period_start
    LEFT ANY JOIN
    (
        -- What a source brought is put together first: the quarter's figures are sums of its sources'.
        SELECT
            workspace_id,
            quarter,
            sum(people) AS new_customers,
            sumIf(people, source != '(direct)') AS named,
            sum(by_source.repeated) AS repeated_by_next,
            toFloat64(sum(by_source.value)) AS value_90_days,
            min(by_source.complete) AS is_complete,
            groupArray((source, if(by_source.complete = 0, NULL, toFloat64(by_source.value) / people), toFloat64(people))) AS channels
        FROM
        (
            SELECT
                workspace_id,
                quarter,
                source,
                count() AS people,
                countIf(repeated_by_next_quarter) AS repeated,
                sum(new_people.value_90_days) AS value,
                min(new_people.is_complete) AS complete
            FROM new_customers AS new_people
            GROUP BY workspace_id, quarter, source
        ) AS by_source
        GROUP BY workspace_id, quarter
    ) AS fresh ON fresh.workspace_id = spine.workspace_id AND fresh.quarter = spine.period_start
    LEFT ANY JOIN
    (
        SELECT workspace_id, toStartOfQuarter(day) AS quarter, sumIf(occasions, event = 'Referral Sent') AS sent, sumIf(occasions, event = 'Referral Converted') AS referred
        FROM occasion_days
        GROUP BY workspace_id, quarter
    ) AS told ON told.workspace_id = spine.workspace_id AND told.quarter = spine.period_start
    WINDOW
        earlier AS (PARTITION BY spine.workspace_id ORDER BY spine.period_start ROWS BETWEEN 1 PRECEDING AND CURRENT ROW),
        so_far AS (PARTITION BY spine.workspace_id ORDER BY spine.period_start ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
)
ARRAY JOIN figures AS figure
COMMENT 'Channel quality, lifetime value, loyalty and expansion by quarter'
