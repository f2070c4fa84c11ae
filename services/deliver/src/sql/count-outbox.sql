SELECT count(*) AS messages
FROM deliver.outbox
WHERE workspace_id = $1 AND status = 'sent';
