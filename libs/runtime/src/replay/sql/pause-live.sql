UPDATE runtime.positions
SET replaying = $2
WHERE consumer = $1;
