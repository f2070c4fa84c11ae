-- What became of the messages; with the embedded outbox, "sent" means that it lies there.
SELECT channel, status, toUInt32(count()) AS messages
FROM deliveries
GROUP BY channel, status
ORDER BY channel, status
