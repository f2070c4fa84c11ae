UPDATE audit.entries AS entries
SET appended = true
FROM unnest($1::text[], $2::bigint[]) AS done (workspace_id, sequence)
WHERE entries.workspace_id = done.workspace_id AND entries.sequence = done.sequence
