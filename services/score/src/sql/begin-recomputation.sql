UPDATE score.recomputations
SET due_at = NULL
WHERE workspace_id = $1
  AND score_id = $2;
