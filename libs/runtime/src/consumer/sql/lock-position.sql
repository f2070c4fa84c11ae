-- The epoch of erasures comes with it: see privacy.epoch. Whoever holds a consumer has the lock in hold-consumer.sql; a hold
-- ends with the session it belongs to, so a process that died holds nobody.
SELECT
  position,
  emitted,
  origins,
  planned_until,
  unappended,
  NOT pg_try_advisory_xact_lock_shared('runtime.positions'::regclass::oid::int, hashtext($1)) AS held,
  (SELECT value FROM privacy.epoch) AS erasure_epoch
FROM runtime.positions
WHERE consumer = $1 AND topic = $2 AND partition = $3
FOR UPDATE OF positions;
