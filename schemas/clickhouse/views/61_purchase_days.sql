-- One row a day on which somebody ordered, and one a refund, so that one pass over the orders gives a scorecard both its customers and its money.
-- A day counts once, however many orders it has; number, the day before and the day after count days of orders only.
-- From the inside out: a person's orders as arrays in order of days; those of one day put together, each day beside its neighbours.
CREATE OR REPLACE VIEW purchase_days
AS
SELECT
    workspace_id,
    person_key,
    is_customer,
    day,
    toUInt64(length(amounts)) AS orders,
    arraySum(amounts) AS revenue,
    refunded,
    toUInt64(place) AS number,
    first_day,
    if(number <= 1, NULL, before) AS day_before,
    nullIf(after, toDate(0)) AS day_after,
    nullIf(before_quarter, toDate(0)) AS day_before_quarter,
    value_90_days
FROM
(
    SELECT
        any(money_moves.workspace_id) AS workspace_id,
        person_key,
        person_key NOT IN (SELECT person_key FROM guest_customers) AS is_customer,
        groupArrayIf(money_moves.day, kind = 'order') AS days_of_orders,
        arraySort(days_of_orders) AS sorted_days,
        arrayCompact(sorted_days) AS days,
        days[1] AS first_day,
        arrayFill(
            (day_before, day) -> toStartOfQuarter(day_before) != toStartOfQuarter(day),
            arrayShiftRight(days, 1),
            days
        ) AS days_before_quarters,
        groupArrayIf(if(money_moves.is_reported, money_moves.amount, toDecimal128(0, 4)), kind = 'order') AS amounts_of_orders,
        arraySplit(
            (amount, day, day_before) -> day != day_before,
            arraySort((amount, day) -> day, amounts_of_orders, days_of_orders),
            sorted_days,
            arrayShiftRight(sorted_days, 1)
        ) AS amounts_by_day,
        groupArrayIf((money_moves.day, if(money_moves.is_reported, -money_moves.amount, toDecimal128(0, 4))), kind = 'refund') AS refunds,
        arraySum((amount, day) -> if(day < first_day + 90, amount, toDecimal128(0, 4)), amounts_of_orders, days_of_orders)
            - arraySum(refund -> if(refund.1 < first_day + 90, refund.2, toDecimal128(0, 4)), refunds) AS value_90_days
    FROM money_moves
    GROUP BY person_key
)
ARRAY JOIN
    arrayConcat(days, refunds.1) AS day,
    arrayResize(amounts_by_day, length(days) + length(refunds)) AS amounts,
    arrayConcat(arrayResize(arrayResize([toDecimal128(0, 4)], 0), length(days)), refunds.2) AS refunded,
    arrayResize(arrayShiftRight(days, 1), length(days) + length(refunds)) AS before,
    arrayResize(arrayShiftLeft(days, 1), length(days) + length(refunds)) AS after,
    arrayResize(days_before_quarters, length(days) + length(refunds)) AS before_quarter,
    arrayResize(arrayEnumerate(days), length(days) + length(refunds)) AS place
COMMENT 'Days on which people or guests ordered, with the one before and the one after, and refunds (number 0). revenue is gross, refunded what was given back, in the reporting currency; day_before_quarter is the last one in an earlier quarter; value_90_days is of the person, net'
