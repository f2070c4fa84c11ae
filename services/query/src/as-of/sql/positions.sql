SELECT log_partition AS partition, log_offset AS offset, lone_profile_id AS lone
FROM touchpoints_by_profile
WHERE workspace_id = {workspace:String}
    AND lone_key IN
    (
        SELECT reinterpretAsUInt128(sipHash128({workspace:String}, arrayJoin({profiles:Array(String)})))
    )
    AND toUnixTimestamp64Milli(received_at) <= {asOf:Int64}
ORDER BY log_partition, log_offset
LIMIT {limit:UInt32}
