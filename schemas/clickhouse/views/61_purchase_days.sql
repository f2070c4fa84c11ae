-- One row a day on which somebody ordered, and one a refund, so that one pass over the orders gives a scorecard both its customers and its money.
-- A day counts once, however many orders it has; number, the day before and the day after count days of orders only.
-- From the inside out: a person's orders as arrays in order of days; those of one day put together, each day beside its neighbours.
-- An order or refund is gathered as one number of 128 bits, which sorts and groups faster than a pair: its day in the upper 16, below it its money, a
-- Decimal(38, 4), with half of the 112 bits added, so that money below zero takes nothing from the day.
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
    WITH
        bitShiftLeft(toUInt128(1), 111) AS half,
        bitShiftLeft(toUInt128(toUInt16(money_moves.day)), 112) + half + reinterpret(if(money_moves.is_reported, money_moves.amount, toDecimal128(0, 4)), 'UInt128') AS packed,
        each -> toDate(toUInt16(bitShiftRight(each, 112))) AS day_of,
        each -> reinterpret(bitAnd(each, 2 * half - 1) - half, 'Decimal(38, 4)') AS amount_of
    SELECT
        any(money_moves.workspace_id) AS workspace_id,
        person_key,
        person_key NOT IN (SELECT person_key FROM guest_customers) AS is_customer,
        arraySort(groupArrayIf(packed, kind = 'order')) AS packed_orders,
        groupArrayIf(packed, kind = 'refund') AS packed_refunds,
        arrayMap(each -> day_of(each), packed_orders) AS sorted_days,
        arrayCompact(sorted_days) AS days,
        days[1] AS first_day,
        arrayFill(
            (day_before, day) -> toStartOfQuarter(day_before) != toStartOfQuarter(day),
            arrayShiftRight(days, 1),
            days
        ) AS days_before_quarters,
        arrayMap(each -> amount_of(each), packed_orders) AS sorted_amounts,
        arraySplit((amount, day, day_before) -> day != day_before, sorted_amounts, sorted_days, arrayShiftRight(sorted_days, 1)) AS amounts_by_day,
        arrayMap(each -> (day_of(each), -amount_of(each)), packed_refunds) AS refunds,
        arraySum((amount, day) -> if(day < first_day + 90, amount, toDecimal128(0, 4)), sorted_amounts, sorted_days)
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
COMMENT 'One row a person and day of orders, or a refund. Days on which people or guests ordered, with the one before and the one after, and refunds (number 0). revenue is gross, refunded what was given back, in the reporting currency; day_before_quarter is the last one in an earlier quarter; value_90_days is of the person, net'
