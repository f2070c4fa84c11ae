-- From the inside out: each customer's months with orders; how many were active by cohort and age; one row a cohort, as a map of
-- age to active; all ages up to the workspace's last month, also those when nobody ordered.
CREATE OR REPLACE VIEW workspace_cohort_retention_monthly
AS
SELECT
    workspace_id,
    cohort_month,
    toUInt16(age) AS age_months,
    toUInt64(active_by_age[0]) AS customers,
    toUInt64(active_by_age[toInt32(age)]) AS active,
    active / customers AS retention
FROM
(
    SELECT
        workspace_id,
        cohort_month,
        sumMap(map(age, active_customers)) AS active_by_age,
        max(max(last_month)) OVER (PARTITION BY workspace_id) AS end_month
    FROM
    (
        SELECT
            workspace_id,
            cohort_month,
            toInt32(dateDiff('month', cohort_month, month)) AS age,
            count() AS active_customers,
            max(month) AS last_month
        FROM
        (
            SELECT
                any(order_facts.workspace_id) AS workspace_id,
                groupUniqArray(toStartOfMonth(day)) AS months,
                arrayMin(months) AS cohort_month
            FROM order_facts
            WHERE kind = 'order' AND person_key NOT IN (SELECT person_key FROM guest_customers)
            GROUP BY person_key
        )
        ARRAY JOIN months AS month
        GROUP BY workspace_id, cohort_month, age
    )
    GROUP BY workspace_id, cohort_month
)
ARRAY JOIN range(toUInt32(dateDiff('month', cohort_month, end_month) + 1)) AS age
COMMENT 'One row a workspace, cohort and age, for every month up to the last order, also where nobody came. Of the customers whose first order fell into a month, how many ordered again, by months since'
