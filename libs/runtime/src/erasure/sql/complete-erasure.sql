WITH completed AS (
  UPDATE privacy.erasures
  SET status = 'completed', step = 'completed', cuts = $2, certificate = $3, completed_at = to_timestamp($4 / 1000.0)
  WHERE erasure_id = $1 AND status <> 'completed'
  RETURNING erasure_id
)
UPDATE privacy.epoch SET value = value + 1 WHERE EXISTS (SELECT FROM completed)
