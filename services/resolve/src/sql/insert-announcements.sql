INSERT INTO resolve.announcements (topic, log_partition, log_offset, place, event, key, value)
SELECT
  row.topic, row.log_partition, row.log_offset,
  -- Behind those of an attempt whose position was never stored.
  row.place + coalesce((
    SELECT max(known.place) + 1
    FROM resolve.announcements AS known
    WHERE known.topic = row.topic AND known.log_partition = row.log_partition AND known.log_offset = row.log_offset
  ), 0),
  row.event, row.key, row.value
FROM json_to_recordset($1::json) AS row (
  topic text, log_partition integer, log_offset bigint, place integer, event text, key text, value jsonb
)
