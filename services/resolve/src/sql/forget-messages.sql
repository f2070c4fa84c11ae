DELETE FROM resolve.messages
WHERE log_partition = $1 AND received_day < $2
