SELECT count(*) AS messages
FROM deliver.outbox
WHERE status = 'sent';
