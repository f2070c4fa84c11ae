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
    money AS (
        SELECT date_trunc('month', happened)::DATE AS month, sum(amount) AS net, sum(ordered) AS orders
        FROM moves
        GROUP BY ALL
    ),
    months AS (
        SELECT DISTINCT coalesce(survivor_id, lone) AS person, date_trunc('month', happened)::DATE AS month
        FROM moves LEFT JOIN survivors ON profile_id = lone
        WHERE ordered = 1 AND coalesce(survivor_id, lone) IN (SELECT person FROM known)
    ),
    placed AS (SELECT month, lag(month) OVER (PARTITION BY person ORDER BY month) AS month_before FROM months),
    customers AS (
        SELECT
            month,
            count(*) AS customers,
            count(month_before) AS returning_customers,
            count(*) FILTER (month_before = month - INTERVAL 1 MONTH) AS retained
        FROM placed
        GROUP BY ALL
    ),
    spine AS (
        SELECT unnest(generate_series(date_trunc('month', min(timestamp)), date_trunc('month', max(timestamp)), INTERVAL 1 MONTH))::DATE AS month
        FROM touchpoints
    ),
    rows AS (
        SELECT
            month,
            coalesce(customers, 0) AS customers,
            coalesce(lag(customers) OVER (ORDER BY month), 0) AS customers_before,
            coalesce(returning_customers, 0) AS returning_customers,
            coalesce(retained, 0) AS retained,
            coalesce(orders, 0) AS orders,
            coalesce(net, 0) AS net
        FROM spine LEFT JOIN customers USING (month) LEFT JOIN money USING (month)
    )
SELECT 'net-revenue' AS metric, strftime(month, '%Y-%m-%d') AS month, orders::INT, round(net::DOUBLE, 2) FROM rows
UNION ALL SELECT 'retention', strftime(month, '%Y-%m-%d'), customers_before::INT, retained::DOUBLE FROM rows
UNION ALL SELECT 'returning-customers', strftime(month, '%Y-%m-%d'), customers::INT, returning_customers::DOUBLE FROM rows
ORDER BY 1, 2
