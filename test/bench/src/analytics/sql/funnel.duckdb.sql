WITH
    survivors AS (SELECT profile_id, arg_max(survivor_id, sequence) AS survivor_id FROM identities GROUP BY profile_id),
    taken AS (
        SELECT coalesce(survivor_id, lone_profile_id) AS person, event, timestamp AS happened
        FROM touchpoints LEFT JOIN survivors ON profile_id = lone_profile_id
        WHERE event IN ('Product Viewed', 'Product Added', 'Checkout Started', 'Order Completed')
    ),
    one AS (SELECT person, happened, happened AS began FROM taken WHERE event = 'Product Viewed'),
    two AS (
        SELECT one.person, step.happened, began
        FROM one ASOF JOIN (SELECT person, happened FROM taken WHERE event = 'Product Added') AS step ON step.person = one.person AND step.happened >= one.happened
        WHERE step.happened <= began + INTERVAL 7 DAY
    ),
    three AS (
        SELECT two.person, step.happened, began
        FROM two ASOF JOIN (SELECT person, happened FROM taken WHERE event = 'Checkout Started') AS step ON step.person = two.person AND step.happened >= two.happened
        WHERE step.happened <= began + INTERVAL 7 DAY
    ),
    four AS (
        SELECT three.person, step.happened, began
        FROM three ASOF JOIN (SELECT person, happened FROM taken WHERE event = 'Order Completed') AS step ON step.person = three.person AND step.happened >= three.happened
        WHERE step.happened <= began + INTERVAL 7 DAY
    )
SELECT 1 AS step, count(DISTINCT person)::INT AS people FROM one
UNION ALL SELECT 2, count(DISTINCT person)::INT FROM two
UNION ALL SELECT 3, count(DISTINCT person)::INT FROM three
UNION ALL SELECT 4, count(DISTINCT person)::INT FROM four
ORDER BY step
