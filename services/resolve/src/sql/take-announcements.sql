WITH taken AS (
  DELETE FROM resolve.announcements
  WHERE topic = $1 AND log_partition = $2 AND log_offset BETWEEN $3 AND $4
  RETURNING log_offset, place, event, key, value
)
SELECT log_offset, event, key, value
FROM taken
ORDER BY log_offset, place
