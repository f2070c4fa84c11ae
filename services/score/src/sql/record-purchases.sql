INSERT INTO score.purchases (
  workspace_id, kind, purchase_id, profile_id, happened_at, received_at, log_partition, log_offset, amount, currency
)
SELECT *
FROM unnest(
  $1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::integer[], $8::bigint[],
  $9::numeric[], $10::text[]
) AS purchase (
  workspace_id, kind, purchase_id, profile_id, happened_at, received_at, log_partition, log_offset, amount, currency
)
ORDER BY workspace_id, kind, purchase_id
ON CONFLICT (workspace_id, kind, purchase_id) DO UPDATE
SET profile_id = excluded.profile_id,
    happened_at = excluded.happened_at,
    received_at = excluded.received_at,
    log_partition = excluded.log_partition,
    log_offset = excluded.log_offset,
    amount = excluded.amount,
    currency = excluded.currency
WHERE (purchases.happened_at, purchases.received_at, purchases.log_partition, purchases.log_offset)
  < (excluded.happened_at, excluded.received_at, excluded.log_partition, excluded.log_offset);
