-- A refund counts when it happened. acquired are all people of the cohort, customers those of them who ever ordered.
-- start_revenue is that of the first period; what the same customers paid later, at most as much as then, is kept_revenue (gross retention).
CREATE OR REPLACE VIEW cohort_value
AS
SELECT
    cohort,
    cohort_start,
    toUInt16(age) AS age,
    toUInt64(count()) AS acquired,
    toUInt64(countIf(length(ages) > 0)) AS customers,
    toDecimal128(sum(arraySum(arrayMap((money, at) -> if(at = age, money, toDecimal128(0, 4)), moneys, ages))), 4) AS revenue,
    toDecimal128(sum(arraySum(arrayMap((money, at) -> if(at <= age, money, toDecimal128(0, 4)), moneys, ages))), 4) AS cumulative_revenue,
    if(customers = 0, toDecimal128(0, 4), toDecimal128(divideDecimal(cumulative_revenue, toDecimal128(greatest(customers, 1), 0), 4), 4)) AS ltv_per_customer,
    toDecimal128(divideDecimal(cumulative_revenue, toDecimal128(acquired, 0), 4), 4) AS ltv_per_acquired,
    toDecimal128(sum(arraySum(arrayMap((money, at) -> if(at = 0, money, toDecimal128(0, 4)), moneys, ages))), 4) AS start_revenue,
    toDecimal128(
        sum(
            least(
                arraySum(arrayMap((money, at) -> if(at = age, money, toDecimal128(0, 4)), moneys, ages)),
                arraySum(arrayMap((money, at) -> if(at = 0, money, toDecimal128(0, 4)), moneys, ages))
            )
        ),
        4
    ) AS kept_revenue,
    if(start_revenue <= 0, 0, toFloat64(greatest(kept_revenue, 0)) / toFloat64(greatest(start_revenue, toDecimal128('0.0001', 4)))) AS gross_revenue_retention,
    if(start_revenue <= 0, 0, toFloat64(revenue) / toFloat64(greatest(start_revenue, toDecimal128('0.0001', 4)))) AS net_revenue_retention
FROM
(
    SELECT
        member.cohort AS cohort,
        member.cohort_start AS cohort_start,
        paid.moneys AS moneys,
        arrayMap(day -> toInt64(greatest(dateDiff({period:String}, member.cohort_start, day), 0)), paid.days) AS ages,
        toInt64(dateDiff({period:String}, member.cohort_start, (SELECT max(day) FROM order_facts WHERE workspace_id = {workspace:String}))) AS last_age
    FROM cohort_members(workspace = {workspace:String}, by = {by:String}, period = {period:String}) AS member
    LEFT ANY JOIN
    (
        SELECT person_key, groupArray(amount) AS moneys, groupArray(day) AS days
        FROM money_moves
        WHERE workspace_id = {workspace:String} AND is_reported
        GROUP BY person_key
    ) AS paid ON paid.person_key = member.person_key
    WHERE {single_purchases:UInt8} = 1 OR member.order_days > 1
)
ARRAY JOIN range(toUInt64(least({ages:UInt16}, greatest(last_age, 0) + 1))) AS age
GROUP BY cohort, cohort_start, age
ORDER BY cohort, cohort_start, age
COMMENT 'One row a cohort and age, in order. Money of a cohort by age: revenue, lifetime value so far per customer and per person acquired, gross and net revenue retention. Parameters: workspace, by and period as in cohort_members, ages, single_purchases'
