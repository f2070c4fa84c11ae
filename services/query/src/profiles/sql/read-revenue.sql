SELECT
  currency,
  orders::int AS orders,
  gross_revenue::text AS gross_revenue,
  refunded::text AS refunded,
  revenue::text AS revenue,
  first_order_at,
  last_order_at
FROM profile.revenue
WHERE workspace_id = $1 AND profile_id = $2
ORDER BY currency
