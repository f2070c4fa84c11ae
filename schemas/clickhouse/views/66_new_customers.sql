CREATE OR REPLACE VIEW new_customers
AS
SELECT
    first_order.workspace_id AS workspace_id,
    first_order.person_key AS person_key,
    first_order.first_day AS first_day,
    toStartOfQuarter(first_order.first_day) AS quarter,
    coalesce(nullIf(seen.acquisition_source, ''), '(direct)') AS source,
    first_order.second_day < addQuarters(quarter, 2) AS repeated_by_next_quarter,
    first_order.value_90_days AS value_90_days,
    first_order.first_day + 90 <= known.last_day AS is_complete
FROM
(
    SELECT
        workspace_id,
        person_key,
        arraySort(groupUniqArrayIf(day, kind = 'order')) AS days,
        days[1] AS first_day,
        if(length(days) > 1, days[2], toDate('2149-06-06')) AS second_day,
        arraySum(arrayMap((on_day, sum) -> if(on_day < first_day + 90, sum, toDecimal128(0, 4)), groupArray(day), groupArray(if(is_reported, amount, toDecimal128(0, 4))))) AS value_90_days
    FROM customer_money
    GROUP BY workspace_id, person_key
    HAVING notEmpty(days)
) AS first_order
LEFT ANY JOIN people_seen AS seen ON seen.person_key = first_order.person_key
INNER JOIN (SELECT workspace_id, max(day) AS last_day FROM money_rows GROUP BY workspace_id) AS known ON known.workspace_id = first_order.workspace_id
COMMENT 'One row a customer, by the day of the first order: what brought the person, and net revenue within 90 days'
