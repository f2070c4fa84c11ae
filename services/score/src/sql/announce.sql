WITH next AS (
  SELECT profile_id
  FROM score.scores
  WHERE workspace_id = $1
    AND score_id = $2
    AND NOT announced
  ORDER BY profile_id COLLATE "C"
  LIMIT $3
)
UPDATE score.scores
SET announced = true
FROM next
WHERE scores.workspace_id = $1
  AND scores.score_id = $2
  AND scores.profile_id = next.profile_id
RETURNING scores.profile_id, recency, frequency, monetary, computed_at, cause_id;
