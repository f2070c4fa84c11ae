CREATE OR REPLACE VIEW cohort_margin
AS
SELECT
    cohort,
    cohort_start,
    toUInt16(age) AS age,
    toUInt64(count()) AS acquired,
    toUInt64(countIf(length(moves) > 0)) AS customers,
    toDecimal128(sum(arraySum(move -> if(move.age = age, move.amount, toDecimal128(0, 4)), moves)), 4) AS revenue,
    toDecimal128(sum(arraySum(move -> if(move.age = age, ifNull(move.margin, toDecimal128(0, 4)), toDecimal128(0, 4)), moves)), 4) AS margin,
    toDecimal128(sum(arraySum(move -> if(move.age <= age, move.amount, toDecimal128(0, 4)), moves)), 4) AS cumulative_revenue,
    toDecimal128(sum(arraySum(move -> if(move.age <= age, ifNull(move.margin, toDecimal128(0, 4)), toDecimal128(0, 4)), moves)), 4) AS cumulative_margin,
    if(customers = 0, toDecimal128(0, 4), toDecimal128(divideDecimal(cumulative_margin, toDecimal128(greatest(customers, 1), 0), 4), 4)) AS margin_per_customer,
    toDecimal128(divideDecimal(cumulative_margin, toDecimal128(acquired, 0), 4), 4) AS margin_per_acquired,
    toUInt64(sum(arrayCount(move -> move.is_order AND move.age <= age, moves))) AS orders,
    toUInt64(sum(arrayCount(move -> move.is_order AND move.age <= age AND move.margin IS NOT NULL, moves))) AS orders_with_cost,
    if(orders = 0, 0, orders_with_cost / orders) AS cost_coverage
FROM
(
    SELECT
        member.cohort AS cohort,
        member.cohort_start AS cohort_start,
        arrayMap(
            one -> CAST(
                (toInt64(greatest(dateDiff({period:String}, member.cohort_start, one.1), 0)), one.2, one.3, one.4),
                'Tuple(age Int64, is_order Bool, amount Decimal(38, 4), margin Nullable(Decimal(38, 4)))'
            ),
            paid.moves
        ) AS moves,
        toInt64(dateDiff({period:String}, member.cohort_start, (SELECT max(day) FROM order_facts WHERE workspace_id = {workspace:String}))) AS last_age
    FROM cohort_members(workspace = {workspace:String}, by = {by:String}, period = {period:String}) AS member
    LEFT ANY JOIN
    (
        SELECT person_key, groupArray((day, kind = 'order', amount, margin)) AS moves
        FROM margin_moves
        WHERE workspace_id = {workspace:String}
        GROUP BY person_key
    ) AS paid ON paid.person_key = member.person_key
    WHERE {single_purchases:UInt8} = 1 OR member.order_days > 1
)
ARRAY JOIN range(toUInt64(least({ages:UInt16}, greatest(last_age, 0) + 1))) AS age
GROUP BY cohort, cohort_start, age
ORDER BY cohort, cohort_start, age
COMMENT 'One row a cohort and age, in order. Margin of a cohort by age, so far per customer and per person acquired, of the orders whose cost is known (cost_coverage of them). Parameters: workspace, by and period as in cohort_members, ages, single_purchases'
