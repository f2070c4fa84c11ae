CREATE OR REPLACE VIEW conversion_paths
AS
WITH
    (
        SELECT (groupArray(labels.label_key), groupArray(labels.name))
        FROM (SELECT DISTINCT label_key, name FROM touch_labels(workspace = {workspace:String}, by = {by:String})) AS labels
    ) AS names
SELECT
    profile_id,
    conversion_id,
    toUInt8(conversion_walks.converted) AS converted,
    if(converted, fromUnixTimestamp64Milli(ended_ms, 'UTC'), NULL) AS converted_at,
    conversion_walks.value AS value,
    if(empty(labels), ['(none)'], arrayMap(label -> transform(label, names.1, names.2, ''), labels)) AS path,
    if(empty(labels), [false], arrayMap(label -> CAST(label % 2, 'Bool'), labels)) AS direct,
    if(empty(labels), [0.], arrayMap(at -> (ended_ms - at) / 3600000, visited_ms)) AS hours_before
FROM conversion_walks(
    workspace = {workspace:String},
    conversion = {conversion:String},
    from = {from:DateTime64(3, 'UTC')},
    to = {to:DateTime64(3, 'UTC')},
    lookback_seconds = {lookback_seconds:UInt32},
    restart = {restart:UInt8},
    by = {by:String},
    with_ids = 1,
    with_nulls = 1
)
COMMENT 'One row a path. Paths of people to a conversion, or to none. Parameters: workspace, conversion (event), from, to, lookback_seconds, restart (1: a path begins anew after a conversion), by (channel, source, medium, campaign)'
