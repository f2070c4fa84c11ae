UPDATE runtime.positions
SET replaying = false
WHERE consumer = $1;
