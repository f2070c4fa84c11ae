-- One row a day on which a customer ordered. A day counts once, however many orders it has.
CREATE OR REPLACE VIEW purchases
AS
SELECT
    workspace_id,
    person_key,
    day,
    orders,
    revenue,
    row_number() OVER one_customer AS number,
    first_value(day) OVER one_customer AS first_day,
    if(number = 1, NULL, lagInFrame(day) OVER one_customer) AS day_before,
    nullIf(leadInFrame(day) OVER (PARTITION BY workspace_id, person_key ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING), toDate(0)) AS day_after
FROM
(
    SELECT
        workspace_id,
        person_key,
        day,
        count() AS orders,
        sumIf(amount, is_reported) AS revenue
    FROM customer_money
    WHERE kind = 'order'
    GROUP BY workspace_id, person_key, day
)
WINDOW one_customer AS (PARTITION BY workspace_id, person_key ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
COMMENT 'Days on which customers ordered, with the one before and the one after. revenue is gross, in the reporting currency'
