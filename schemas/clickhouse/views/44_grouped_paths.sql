CREATE OR REPLACE VIEW grouped_paths
AS
WITH
    (
        SELECT (groupArray(labels.label_key), groupArray(labels.name))
        FROM (SELECT DISTINCT label_key, name FROM touch_labels(workspace = {workspace:String}, by = {by:String})) AS labels
    ) AS names
SELECT
    if(empty(labels), ['(none)'], arrayMap(label -> transform(label, names.1, names.2, ''), labels)) AS path,
    if(empty(labels), [false], arrayMap(label -> CAST(label % 2, 'Bool'), labels)) AS direct,
    countIf(converted) AS conversions,
    countIf(NOT converted) AS nulls,
    sumIf(conversion_walks.value, converted) AS value
FROM conversion_walks(
    workspace = {workspace:String},
    conversion = {conversion:String},
    from = {from:DateTime64(3, 'UTC')},
    to = {to:DateTime64(3, 'UTC')},
    lookback_seconds = {lookback_seconds:UInt32},
    restart = {restart:UInt8},
    by = {by:String},
    with_ids = 0,
    with_nulls = 1
)
GROUP BY labels
COMMENT 'One row a path that people walked alike. How many people walked the same touches in the same order, and ended in a conversion or in none. Parameters as conversion_paths'
