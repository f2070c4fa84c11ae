SELECT log_partition AS partition, log_offset AS offset
FROM recorded_touchpoints
WHERE workspace_id = {workspaceId:String} AND lone_profile_id IN {profileIds:Array(String)}
ORDER BY timestamp, received_at, log_partition, log_offset
