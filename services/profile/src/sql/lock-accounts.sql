SELECT workspace_id, account_id, traits, trait_stamps
FROM profile.accounts
JOIN unnest($1::text[], $2::text[]) AS wanted (workspace_id, account_id) USING (workspace_id, account_id)
ORDER BY workspace_id, account_id
FOR UPDATE OF accounts
