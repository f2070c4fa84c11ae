-- Which source brings customers who stay?
SELECT
    workspace_id,
    acquisition_source,
    countIf(order_count > 0) AS customers,
    countIf(order_count > 1) AS repeat_customers,
    if(customers = 0, NULL, repeat_customers / customers) AS repeat_rate,
    sum(net_revenue) AS net_revenue
FROM {{ ref('stg_rapport__profiles') }}
GROUP BY workspace_id, acquisition_source
