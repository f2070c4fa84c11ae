INSERT INTO resolve.links (
  lower_id, higher_id, lower_type, higher_type,
  seen, declared, first_seen_at, decision, decision_position, refusal
)
SELECT
  lower_id, higher_id, lower_type, higher_type,
  seen, declared, first_seen_at, decision, decision_position, refusal
FROM json_to_recordset($1::json) AS row (
  lower_id uuid, higher_id uuid, lower_type text, higher_type text,
  seen boolean, declared boolean, first_seen_at bigint, decision text, decision_position bigint, refusal text
)
ON CONFLICT (lower_id, higher_type, higher_id) DO UPDATE SET
  seen = excluded.seen,
  declared = excluded.declared,
  first_seen_at = excluded.first_seen_at,
  decision = excluded.decision,
  decision_position = excluded.decision_position,
  refusal = excluded.refusal
