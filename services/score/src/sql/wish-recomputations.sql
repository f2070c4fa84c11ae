-- The earliest change since a computation sets the time of the next, in whatever order changes are read. The row is locked to the end
-- of the transaction, so that a computation under way either sees these changes or finds a new wish afterwards.
INSERT INTO score.recomputations AS pending (workspace_id, score_id, due_at)
SELECT workspace_id, score_id, due_at
FROM unnest($1::text[], $2::text[], $3::bigint[]) AS wish (workspace_id, score_id, due_at)
ORDER BY workspace_id, score_id
ON CONFLICT (workspace_id, score_id) DO UPDATE
SET due_at = excluded.due_at
WHERE pending.due_at IS NULL
  OR pending.due_at > excluded.due_at
RETURNING workspace_id, score_id, due_at;
