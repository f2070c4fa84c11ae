INSERT INTO profile.accounts (workspace_id, account_id, first_seen_at, last_seen_at)
SELECT workspace_id, account_id, 'infinity', '-infinity'
FROM unnest($1::text[], $2::text[]) AS wanted (workspace_id, account_id)
ORDER BY workspace_id, account_id
ON CONFLICT DO NOTHING
