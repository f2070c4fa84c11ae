SELECT trait, touchpoints, profiles, toString(last_received_at) AS last_received_at
FROM trait_usage
WHERE workspace_id = {workspace:String}
ORDER BY profiles DESC, trait
LIMIT 1000
