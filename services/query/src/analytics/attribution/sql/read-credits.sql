SELECT model, label, toString(conversions) AS conversions, toString(value) AS value
FROM attribution(
    workspace = {workspace:String},
    conversion = {conversion:String},
    from = {from:DateTime64(3, 'UTC')},
    to = {to:DateTime64(3, 'UTC')},
    lookback_seconds = {lookback_seconds:UInt32},
    restart = {restart:UInt8},
    by = {by:String},
    half_life_hours = {half_life_hours:Float64}
)
