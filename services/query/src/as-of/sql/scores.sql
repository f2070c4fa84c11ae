SELECT
    score_id,
    value,
    components,
    toUnixTimestamp64Milli(computed_at) AS computed_at_ms,
    log_partition,
    log_offset
FROM scores
WHERE workspace_id = {workspace:String}
    AND profile_id IN {profiles:Array(String)}
    AND toUnixTimestamp64Milli(computed_at) <= {asOf:Int64}
