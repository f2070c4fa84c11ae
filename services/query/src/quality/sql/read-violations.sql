SELECT source_id AS source, event, rule, touchpoints, toString(last_received_at) AS last_received_at
FROM plan_violations
WHERE workspace_id = {workspace:String}
ORDER BY touchpoints DESC, source_id, event, rule
LIMIT 200
