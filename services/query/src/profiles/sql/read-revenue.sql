SELECT
  currency,
  orders::int AS orders,
  gross_revenue::text AS gross_revenue,
  refunded::text AS refunded,
  revenue::text AS revenue,
  round(gross_revenue / nullif(orders, 0), 4)::text AS average_order,
  first_order_at,
  last_order_at
FROM profile.revenue
WHERE workspace_id = $1 AND profile_id = $2
ORDER BY currency
