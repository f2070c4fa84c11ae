-- A refund counts in the month it happened in. One from before the first order that is known (of an older order) counts in
-- the cohort's first month, so that the last row of a cohort holds all its money.
-- From the inside out: money by customer, currency and month, with the cohort; money by cohort and age; one row a cohort and
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
            currency,
            cohort_month,
            toInt32(greatest(dateDiff('month', cohort_month, month), 0)) AS age,
            sum(amount) AS revenue,
            countIf(is_first) AS new_customers,
            max(month) AS last_month
        FROM
        (
            SELECT
                workspace_id,
                profile_id,
                currency,
                month,
                sum(customer_money.amount) AS amount,
                countIf(kind = 'order') AS orders,
                sum(orders) OVER one_customer AS all_orders,
                minIf(month, orders > 0) OVER one_customer AS cohort_month,
                row_number() OVER one_customer = 1 AS is_first
            FROM customer_money
            GROUP BY workspace_id, profile_id, currency, month
            WINDOW one_customer AS (PARTITION BY workspace_id, profile_id)
        )
        WHERE all_orders > 0
        GROUP BY workspace_id, currency, cohort_month, age
    )
    GROUP BY workspace_id, currency, cohort_month
)
ARRAY JOIN range(toUInt32(dateDiff('month', cohort_month, end_month) + 1)) AS age
COMMENT 'Revenue net of refunds by cohort and months since the first order, and what a customer of the cohort has brought so far. One row for every month and currency'
