SELECT workspace_id, profile_id, clock, conditions, memberships
FROM segment.people
JOIN unnest($1::text[], $2::text[]) AS wanted (workspace_id, profile_id) USING (workspace_id, profile_id);
