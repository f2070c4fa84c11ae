CREATE OR REPLACE VIEW new_customers
AS
SELECT
    bought.workspace_id AS workspace_id,
    bought.person_key AS person_key,
    bought.day AS first_day,
    toStartOfQuarter(bought.day) AS quarter,
    coalesce(nullIf(seen.acquisition_source, ''), '(direct)') AS source,
    ifNull(bought.day_after < addQuarters(quarter, 2), false) AS repeated_by_next_quarter,
    bought.value_90_days AS value_90_days,
    bought.day + 90 <= known.last_day AS is_complete
FROM purchase_days AS bought
LEFT ANY JOIN people_seen AS seen ON seen.person_key = bought.person_key
INNER JOIN
(
    SELECT moved.workspace_id AS workspace_id, toDate(formatDateTime(moved.last_at, '%Y-%m-%d', coalesce(nullIf(zones.time_zone, ''), 'UTC'))) AS last_day
    FROM (SELECT workspace_id, max(timestamp) AS last_at FROM recorded_orders GROUP BY workspace_id) AS moved
    LEFT ANY JOIN workspace_zones AS zones ON zones.workspace_id = moved.workspace_id
) AS known ON known.workspace_id = bought.workspace_id
WHERE bought.number = 1 AND bought.is_customer
COMMENT 'One row a customer, by the day of the first order: what brought the person, and net revenue within 90 days'
