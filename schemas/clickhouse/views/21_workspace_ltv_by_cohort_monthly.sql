-- A refund counts in the month it happened in. One from before the first order that is known (of an older order) counts in
-- the cohort's first month, so that the last row of a cohort holds all its money.
-- From the inside out: money by customer, currencies as numbers, which gather faster; money by cohort and age; one row a cohort and
-- currency, as a map of age to money; all ages up to the workspace's last month, also those without money.
CREATE OR REPLACE VIEW workspace_ltv_by_cohort_monthly
AS
SELECT
    workspace_id,
    currency,
    cohort_month,
    toUInt16(age) AS age_months,
    customers,
    revenue_by_age[toInt32(age)] AS revenue,
    arraySum(arrayMap(earlier -> revenue_by_age[toInt32(earlier)], range(toUInt32(age + 1)))) AS cumulative_revenue,
    toDecimal128(divideDecimal(cumulative_revenue, toDecimal128(customers, 0), 4), 4) AS ltv
FROM
(
    SELECT
        workspace_id,
        currency,
        cohort_month,
        sum(sum(new_customers)) OVER (PARTITION BY workspace_id, cohort_month) AS customers,
        sumMap(map(age, revenue)) AS revenue_by_age,
        max(max(last_month)) OVER (PARTITION BY workspace_id) AS end_month
    FROM
    (
        SELECT
            workspace_id,
            reinterpretAsString(code) AS currency,
            cohort_month,
            toInt32(greatest(dateDiff('month', cohort_month, month), 0)) AS age,
            sum(money) AS revenue,
            countIf(place = 1) AS new_customers,
            max(month) AS last_month
        FROM
        (
            SELECT
                any(customer_money.workspace_id) AS workspace_id,
                groupArray(reinterpretAsUInt32(currency)) AS codes,
                groupArray(toStartOfMonth(day)) AS months,
                groupArray(amount) AS moneys,
                minIf(toStartOfMonth(day), kind = 'order') AS cohort_month,
                countIf(kind = 'order') AS orders
            FROM customer_money
            GROUP BY person_key
        )
        ARRAY JOIN codes AS code, months AS month, moneys AS money, arrayEnumerate(months) AS place
        WHERE orders > 0
        GROUP BY workspace_id, currency, cohort_month, age
    )
    GROUP BY workspace_id, currency, cohort_month
)
ARRAY JOIN range(toUInt32(dateDiff('month', cohort_month, end_month) + 1)) AS age
COMMENT 'One row a workspace, currency, cohort and age, for every month up to the last order. Revenue net of refunds by months since the first order, and what a customer of the cohort has brought so far'
