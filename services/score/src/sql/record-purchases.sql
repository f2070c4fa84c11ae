INSERT INTO score.purchases (
  workspace_id, kind, purchase_id, order_id, profile_id, happened_at, received_at, log_partition, log_offset, amount, currency
)
SELECT *
FROM unnest(
  $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::integer[], $9::bigint[],
  $10::numeric[], $11::text[]
) AS purchase (
  workspace_id, kind, purchase_id, order_id, profile_id, happened_at, received_at, log_partition, log_offset, amount, currency
)
ORDER BY workspace_id, kind, purchase_id
ON CONFLICT (workspace_id, kind, purchase_id) DO UPDATE
SET order_id = excluded.order_id,
    profile_id = excluded.profile_id,
    happened_at = excluded.happened_at,
    received_at = excluded.received_at,
    log_partition = excluded.log_partition,
    log_offset = excluded.log_offset,
    amount = excluded.amount,
    currency = excluded.currency
WHERE (purchases.happened_at, purchases.received_at, purchases.log_partition, purchases.log_offset)
  < (excluded.happened_at, excluded.received_at, excluded.log_partition, excluded.log_offset);
