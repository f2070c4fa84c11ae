SELECT source_id AS source, event, property, touchpoints, completeness
FROM property_completeness
WHERE workspace_id = {workspace:String} AND completeness < 1
ORDER BY touchpoints * (1 - completeness) DESC, source_id, event, property
LIMIT 200
