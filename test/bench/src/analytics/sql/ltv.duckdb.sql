WITH
    survivors AS (SELECT profile_id, arg_max(survivor_id, sequence) AS survivor_id FROM identities GROUP BY profile_id),
    known AS (
        SELECT DISTINCT coalesce(survivor_id, lone_profile_id) AS person
        FROM (SELECT DISTINCT lone_profile_id FROM touchpoints WHERE is_identified) LEFT JOIN survivors ON profile_id = lone_profile_id
    ),
    moves AS (
        SELECT unnest(arg_max({'lone': lone_profile_id, 'happened': timestamp, 'amount': coalesce(total, 0), 'ordered': 1}, (timestamp, received_at, log_partition, log_offset)))
        FROM touchpoints
        WHERE event = 'Order Completed'
        GROUP BY coalesce(nullif(order_id, ''), message_id)
        UNION ALL
        SELECT lone_profile_id, timestamp, -abs(coalesce(total, 0)), 0
        FROM touchpoints
        WHERE event = 'Order Refunded'
    ),
    months AS (
        SELECT coalesce(survivor_id, lone) AS person, date_trunc('month', happened)::DATE AS month, sum(amount) AS amount, sum(ordered) AS ordered
        FROM moves LEFT JOIN survivors ON profile_id = lone
        WHERE coalesce(survivor_id, lone) IN (SELECT person FROM known)
        GROUP BY ALL
    ),
    placed AS (SELECT *, min(month) FILTER (ordered > 0) OVER (PARTITION BY person) AS cohort FROM months),
    cells AS (
        SELECT cohort, greatest(date_diff('month', cohort, month), 0) AS age, sum(amount) AS revenue, count(DISTINCT person) AS people
        FROM placed
        WHERE cohort IS NOT NULL
        GROUP BY ALL
    ),
    grid AS (
        SELECT cohort, unnest(range(0, date_diff('month', cohort, (SELECT max(month) FROM placed)) + 1)) AS age, people AS customers
        FROM cells
        WHERE age = 0
    )
SELECT
    strftime(cohort, '%Y-%m-%d'),
    grid.age::INT,
    customers::INT,
    sum(coalesce(revenue, 0)) OVER (PARTITION BY cohort ORDER BY grid.age)::DECIMAL(38, 4)
FROM grid LEFT JOIN cells USING (cohort, age)
ORDER BY 1, 2
