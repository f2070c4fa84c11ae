SELECT
    segment_id,
    change,
    toUnixTimestamp64Milli(timestamp) AS timestamp_ms,
    toUnixTimestamp64Milli(decided_at) AS decided_at_ms,
    log_partition,
    log_offset
FROM memberships
WHERE workspace_id = {workspace:String}
    AND profile_id IN {profiles:Array(String)}
    AND toUnixTimestamp64Milli(decided_at) <= {asOf:Int64}
