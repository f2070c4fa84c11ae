SELECT
  source_id,
  formatDateTime(toStartOfHour(received_at), '%Y-%m-%dT%H:00:00Z', 'UTC') AS received_hour,
  log_partition,
  toUInt32(count()) AS touchpoints
FROM recorded_touchpoints
WHERE workspace_id = {workspaceId:String} AND lone_profile_id IN {profileIds:Array(String)}
GROUP BY source_id, received_hour, log_partition
