SELECT path, sum(grouped.conversions) AS conversions, sum(grouped.nulls) AS nulls, toString(sum(grouped.value)) AS value
FROM grouped_paths(
    workspace = {workspace:String},
    conversion = {conversion:String},
    from = {from:DateTime64(3, 'UTC')},
    to = {to:DateTime64(3, 'UTC')},
    lookback_seconds = {lookback_seconds:UInt32},
    restart = {restart:UInt8},
    by = {by:String}
) AS grouped
GROUP BY path
ORDER BY path
