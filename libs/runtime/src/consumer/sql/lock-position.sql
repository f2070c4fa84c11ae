-- The epoch of erasures comes with it: see privacy.epoch.
SELECT
  position,
  emitted,
  origins,
  planned_until,
  replaying,
  (SELECT value FROM privacy.epoch) AS erasure_epoch
FROM runtime.positions
WHERE consumer = $1 AND topic = $2 AND partition = $3
FOR UPDATE OF positions;
