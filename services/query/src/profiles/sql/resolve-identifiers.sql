SELECT known.profile_id
FROM unnest($2::uuid[]) WITH ORDINALITY AS wanted (identifier_id, place)
JOIN resolve.identifiers AS known USING (identifier_id)
WHERE known.workspace_id = $1
ORDER BY wanted.place
