-- One row a day on which a customer ordered. A day counts once, however many orders it has.
-- From the inside out: a customer's orders as arrays in order of days; those of one day put together, each day beside its neighbours.
CREATE OR REPLACE VIEW purchases
AS
SELECT
    workspace_id,
    person_key,
    day,
    toUInt64(length(amounts)) AS orders,
    arraySum(amounts) AS revenue,
    toUInt64(place) AS number,
    first_day,
    if(number = 1, NULL, before) AS day_before,
    nullIf(after, toDate(0)) AS day_after
FROM
(
    SELECT
        any(customer_money.workspace_id) AS workspace_id,
        person_key,
        groupArray(customer_money.day) AS days_of_orders,
        arraySort(days_of_orders) AS sorted_days,
        arrayCompact(sorted_days) AS days,
        days[1] AS first_day,
        arraySplit(
            (amount, day, day_before) -> day != day_before,
            arraySort((amount, day) -> day, groupArray(if(customer_money.is_reported, customer_money.amount, toDecimal128(0, 4))), days_of_orders),
            sorted_days,
            arrayShiftRight(sorted_days, 1)
        ) AS amounts_by_day
    FROM customer_money
    WHERE kind = 'order'
    GROUP BY person_key
)
ARRAY JOIN
    days AS day,
    amounts_by_day AS amounts,
    arrayShiftRight(days, 1) AS before,
    arrayShiftLeft(days, 1) AS after,
    arrayEnumerate(days) AS place
COMMENT 'Days on which customers ordered, with the one before and the one after. revenue is gross, in the reporting currency'
