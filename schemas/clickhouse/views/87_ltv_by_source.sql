-- Spending counts for the people whom the same source brought. cac is spending by customer won; payback_days is when the money of a
-- source's customers, by day since their first order, had paid for it.
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
    if(acquisition_cost IS NULL OR came.customers = 0, NULL, toFloat64(acquisition_cost) / came.customers) AS cac,
    if(cac IS NULL OR cac = 0, NULL, toFloat64(ltv_per_customer) / cac) AS ltv_to_cac,
    arrayFirst(moment -> moment.2 >= acquisition_cost, arrayZip(came.moments.1, arrayCumSum(came.moments.2))) AS paid,
    if(acquisition_cost IS NULL OR paid.2 < acquisition_cost, NULL, paid.1) AS payback_days
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
    SELECT toString(source) AS source, sum(amount) AS amount
    FROM acquisition_costs
    WHERE workspace_id = {workspace:String}
        AND currency IN (SELECT reporting_currency FROM workspace_settings WHERE workspace_id = {workspace:String})
    GROUP BY source
) AS spent ON spent.source = came.source
ORDER BY net_revenue DESC, source
COMMENT 'What each source brought and cost: lifetime value, predicted value of a score, ratio to acquisition cost, payback. Parameters: workspace, score (id of a score of predicted value, or empty)'
