INSERT INTO duplicates.suggestions (suggestion_id, workspace_id, lower_id, higher_id, probability, by_group, evidence, found_at)
SELECT suggestion_id, $1, lower_id, higher_id, probability, by_group, evidence, $2
FROM jsonb_to_recordset($3::jsonb)
  AS found (suggestion_id uuid, lower_id uuid, higher_id uuid, probability double precision, by_group boolean, evidence jsonb)
