SELECT
  source_id AS source,
  reason,
  detail,
  count() AS touchpoints,
  toString(max(received_at)) AS last_received_at
FROM rejected_touchpoints
WHERE workspace_id = {workspace:String}
GROUP BY source_id, reason, detail
ORDER BY touchpoints DESC, source_id, reason, detail
LIMIT 200
