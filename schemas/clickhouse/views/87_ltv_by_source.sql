-- Spending counts for the people whom the same source brought. cac is spending by customer won; payback_days is when the money of a
-- source's customers, by day since their first order, had paid for it. Spending lies evenly on its days, and each day's share becomes money of the
-- reporting currency by the rate of that day. Spending with a day that no rate covers stays what it is, and no ratio is made of the rest.
CREATE OR REPLACE VIEW ltv_by_source
AS
SELECT
    came.source AS source,
    came.acquired AS acquired,
    came.customers AS customers,
    came.net_revenue AS net_revenue,
    if(came.customers = 0, toDecimal128(0, 4), toDecimal128(divideDecimal(came.net_revenue, toDecimal128(greatest(came.customers, 1), 0), 4), 4)) AS ltv_per_customer,
    toDecimal128(divideDecimal(came.net_revenue, toDecimal128(came.acquired, 0), 4), 4) AS ltv_per_acquired,
    came.predicted_value AS predicted_value,
    CAST(if(spent.amount > 0, toDecimal128(spent.amount, 4), NULL), 'Nullable(Decimal(38, 4))') AS acquisition_cost,
    spent.unconverted AS unconverted_cost,
    CAST(
        if(
            acquisition_cost IS NULL OR notEmpty(unconverted_cost) OR came.customers = 0,
            NULL,
            divideDecimal(assumeNotNull(acquisition_cost), toDecimal128(greatest(came.customers, 1), 0), 4)
        ),
        'Nullable(Decimal(38, 4))'
    ) AS cac,
    -- Both are of the same customers: what they brought by what they cost, before either is rounded.
    if(cac IS NULL, NULL, toFloat64(came.net_revenue) / toFloat64(assumeNotNull(acquisition_cost))) AS ltv_to_cac,
    arrayFirst(moment -> moment.2 >= acquisition_cost, arrayZip(came.moments.1, arrayCumSum(came.moments.2))) AS paid,
    if(acquisition_cost IS NULL OR notEmpty(unconverted_cost) OR paid.2 < acquisition_cost, NULL, paid.1) AS payback_days
FROM
(
    SELECT
        seen.acquisition_source AS source,
        toUInt64(count()) AS acquired,
        toUInt64(countIf(length(bought.ages) > 0)) AS customers,
        toDecimal128(sum(arraySum(bought.moneys)), 4) AS net_revenue,
        sum(predicted.value) AS predicted_value,
        arraySort(groupArrayArray(arrayZip(bought.ages, bought.moneys))) AS moments
    FROM people_seen AS seen
    LEFT ANY JOIN
    (
        SELECT
            person_key,
            minIf(day, kind = 'order') AS first_day,
            arrayMap(at -> toInt64(greatest(toInt64(at) - toInt64(first_day), 0)), groupArray(day)) AS ages,
            groupArray(amount) AS moneys
        FROM customer_money
        WHERE workspace_id = {workspace:String} AND is_reported
        GROUP BY person_key
        HAVING countIf(kind = 'order') > 0
    ) AS bought ON bought.person_key = seen.person_key
    LEFT ANY JOIN
    (
        SELECT profile_id, value
        FROM current_scores
        WHERE workspace_id = {workspace:String} AND score_id = {score:String}
    ) AS predicted ON predicted.profile_id = seen.profile_id
    WHERE seen.workspace_id = {workspace:String} AND seen.is_person
    GROUP BY source
) AS came
LEFT ANY JOIN
(
    SELECT source, sumIf(worth, is_converted) AS amount, mapSort(sumMapIf(map(currency, toDecimal128(given, 4)), NOT is_converted)) AS unconverted
    FROM
    (
        WITH (SELECT any(reporting_currency) FROM workspace_settings WHERE workspace_id = {workspace:String}) AS reporting
        SELECT
            toString(cost.source) AS source,
            toString(cost.currency) AS currency,
            cost.amount AS given,
            toInt32(cost.valid_to) - toInt32(cost.valid_from) + 1 AS days,
            arrayMap(
                (from_day, to_day) -> greatest(least(toInt32(cost.valid_to) + 1, to_day) - greatest(toInt32(cost.valid_from), from_day), 0),
                rates.from_days,
                arrayShiftLeft(rates.from_days, 1, toInt32(2147483647))
            ) AS days_of_rates,
            currency = reporting OR arraySum(days_of_rates) = days AS is_converted,
            if(
                currency = reporting,
                toDecimal128(given, 4),
                toDecimal128(round(divideDecimal(toDecimal128(given, 4) * arraySum(arrayMap((rate, held) -> toDecimal128(rate, 8) * held, rates.rates, days_of_rates)), toDecimal128(days, 0), 8), 4), 4)
            ) AS worth
        FROM acquisition_costs AS cost
        LEFT ANY JOIN
        (
            SELECT currency, arraySort(groupArray((toInt32(valid_from), rate))) AS steps, steps.1 AS from_days, steps.2 AS rates
            FROM exchange_rates
            WHERE workspace_id = {workspace:String} AND to_currency = reporting
            GROUP BY currency
        ) AS rates ON rates.currency = cost.currency
        WHERE cost.workspace_id = {workspace:String}
    )
    GROUP BY source
) AS spent ON spent.source = came.source
ORDER BY net_revenue DESC, source
COMMENT 'One row a source. What each source brought and cost: lifetime value, predicted value of a score, ratio to acquisition cost, payback. Parameters: workspace, score (id of a score of predicted value, or empty)'
