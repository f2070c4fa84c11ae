SELECT workspace_id, profile_id, survivor_id, sequence, part_ids, people.xmin::text AS version
FROM orchestrate.people
JOIN unnest($1::text[], $2::text[]) AS wanted (workspace_id, profile_id) USING (workspace_id, profile_id)
ORDER BY workspace_id, profile_id
FOR UPDATE OF people;
