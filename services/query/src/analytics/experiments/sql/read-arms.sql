SELECT variation, people, converted, toString(value) AS value, y, yy, x, xx, xy
FROM experiment_arms(
    workspace = {workspace:String},
    experiment = {experiment:String},
    conversion = {conversion:String},
    from = {from:DateTime64(3, 'UTC')},
    to = {to:DateTime64(3, 'UTC')},
    window_seconds = {window_seconds:UInt32},
    before_seconds = {before_seconds:UInt32},
    cap = {cap:Float64}
)
ORDER BY variation
