SELECT order_id, ordered_at, currency, amount::text AS amount, refunded::text AS refunded
FROM profile.orders
WHERE workspace_id = $1 AND profile_id = $2 AND ordered_at IS NOT NULL
ORDER BY ordered_at DESC, order_id
LIMIT $3
