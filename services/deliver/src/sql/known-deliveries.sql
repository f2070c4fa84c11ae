SELECT outbox.workspace_id, outbox.delivery_id
FROM deliver.outbox
JOIN unnest($1::text[], $2::text[]) AS wanted (workspace_id, delivery_id) USING (workspace_id, delivery_id);
