-- Only what was stored with this position: another batch may have followed.
UPDATE runtime.positions
SET unappended = NULL, unappended_from = NULL
WHERE consumer = $1 AND topic = $2 AND partition = $3 AND position = $4;
