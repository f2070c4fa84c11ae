-- $1 holds 20 bytes a message: hash (16) and fingerprint (4). Gives the indexes of those seen before.
WITH input AS MATERIALIZED (
  SELECT
    i,
    substring($1::bytea FROM i * 20 + 1 FOR 16) AS message_hash,
    substring($1::bytea FROM i * 20 + 17 FOR 4) AS fingerprint
  FROM generate_series(0, $2::int - 1) AS i
),
inserted AS (
  INSERT INTO resolve.messages (message_hash, fingerprint, log_partition, received_day)
  SELECT message_hash, fingerprint, $3, $4
  FROM input
  -- In one order everywhere: two transactions that wait for each other's messages would otherwise deadlock.
  ORDER BY message_hash
  ON CONFLICT (message_hash) DO NOTHING
  RETURNING message_hash
)
SELECT
  input.i,
  coalesce(known.fingerprint <> input.fingerprint, false) AS differs
FROM input
LEFT JOIN resolve.messages AS known USING (message_hash)
WHERE NOT EXISTS (SELECT FROM inserted WHERE inserted.message_hash = input.message_hash)
