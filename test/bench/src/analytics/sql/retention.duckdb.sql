WITH
    survivors AS (SELECT profile_id, arg_max(survivor_id, sequence) AS survivor_id FROM identities GROUP BY profile_id),
    known AS (
        SELECT DISTINCT coalesce(survivor_id, lone_profile_id) AS person
        FROM (SELECT DISTINCT lone_profile_id FROM touchpoints WHERE is_identified) LEFT JOIN survivors ON profile_id = lone_profile_id
    ),
    orders AS (
        SELECT unnest(arg_max({'lone': lone_profile_id, 'happened': timestamp}, (timestamp, received_at, log_partition, log_offset)))
        FROM touchpoints
        WHERE event = 'Order Completed'
        GROUP BY coalesce(nullif(order_id, ''), message_id)
    ),
    months AS (
        SELECT DISTINCT coalesce(survivor_id, lone) AS person, date_trunc('month', happened)::DATE AS month
        FROM orders LEFT JOIN survivors ON profile_id = lone
        WHERE coalesce(survivor_id, lone) IN (SELECT person FROM known)
    ),
    placed AS (SELECT person, month, min(month) OVER (PARTITION BY person) AS cohort FROM months),
    cells AS (SELECT cohort, date_diff('month', cohort, month) AS age, count(*) AS active FROM placed GROUP BY ALL),
    grid AS (
        SELECT cohort, unnest(range(0, date_diff('month', cohort, (SELECT max(month) FROM placed)) + 1)) AS age, active AS customers
        FROM cells
        WHERE age = 0
    )
SELECT strftime(cohort, '%Y-%m-%d'), grid.age::INT, customers::INT, coalesce(active, 0)::INT
FROM grid LEFT JOIN cells USING (cohort, age)
ORDER BY ALL
