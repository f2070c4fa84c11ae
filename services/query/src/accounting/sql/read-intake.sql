SELECT
  source_id AS "sourceId",
  received_hour AS "receivedHour",
  sum(received)::bigint AS received,
  sum(resolved)::bigint AS resolved,
  sum(duplicates)::bigint AS duplicates,
  sum(conflicts)::bigint AS conflicts,
  sum(erased)::bigint AS erased
FROM resolve.intake
WHERE workspace_id = $1 AND received_hour >= $2 AND received_hour < $3
GROUP BY source_id, received_hour
ORDER BY received_hour, source_id
