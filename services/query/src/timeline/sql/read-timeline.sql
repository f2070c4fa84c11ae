SELECT
  type,
  event,
  toUnixTimestamp64Milli(timestamp) AS timestamp_ms,
  toUnixTimestamp64Milli(received_at) AS received_ms,
  log_partition,
  log_offset,
  message_id,
  source_id
FROM profile_timeline(workspace = {workspace:String}, profile = {profile:String})
WHERE (empty({types:Array(String)}) OR has({types:Array(String)}, type))
  AND (empty({events:Array(String)}) OR has({events:Array(String)}, event))
  AND timestamp >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
  AND timestamp < fromUnixTimestamp64Milli({to:Int64}, 'UTC')
  AND (toUnixTimestamp64Milli(timestamp), toUnixTimestamp64Milli(received_at), toInt64(log_partition), toInt64(log_offset))
    < ({before_time:Int64}, {before_received:Int64}, {before_partition:Int64}, {before_offset:Int64})
ORDER BY timestamp DESC, received_at DESC, log_partition DESC, log_offset DESC
LIMIT {limit:UInt32}
