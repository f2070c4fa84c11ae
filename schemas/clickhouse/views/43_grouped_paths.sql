CREATE OR REPLACE VIEW grouped_paths
AS
SELECT
    path,
    direct,
    countIf(converted) AS conversions,
    countIf(NOT converted) AS nulls,
    sumIf(conversion_paths.value, converted) AS value
FROM conversion_paths(
    workspace = {workspace:String},
    conversion = {conversion:String},
    from = {from:DateTime64(3, 'UTC')},
    to = {to:DateTime64(3, 'UTC')},
    lookback_seconds = {lookback_seconds:UInt32},
    restart = {restart:UInt8},
    by = {by:String}
)
GROUP BY path, direct
COMMENT 'How many people walked the same touches in the same order, and ended in a conversion or in none. Parameters as conversion_paths'
