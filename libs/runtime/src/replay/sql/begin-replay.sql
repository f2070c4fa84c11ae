-- Waits for the batch in hand of every live member (they hold the row), and keeps them out until the replay ends.
UPDATE runtime.positions
SET replaying = true, position = 0, origins = '{}', planned_until = NULL
WHERE consumer = $1;
