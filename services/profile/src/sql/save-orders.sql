INSERT INTO profile.orders
  (workspace_id, profile_id, order_id, ordered_at, currency, amount, refunded, completed, refunds)
SELECT workspace_id, profile_id, order_id, ordered_at, currency, amount, refunded, completed, refunds
FROM json_to_recordset($1::json) AS new (
  workspace_id text, profile_id uuid, order_id text, ordered_at timestamptz, currency text, amount numeric,
  refunded numeric, completed jsonb, refunds jsonb
)
ON CONFLICT (workspace_id, profile_id, order_id) DO UPDATE SET
  ordered_at = excluded.ordered_at,
  currency = excluded.currency,
  amount = excluded.amount,
  refunded = excluded.refunded,
  completed = excluded.completed,
  refunds = excluded.refunds
