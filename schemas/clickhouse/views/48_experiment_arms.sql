CREATE OR REPLACE VIEW experiment_arms
AS
SELECT
    variation,
    count() AS people,
    countIf(outcome.conversions > 0) AS converted,
    sum(outcome.conversions) AS conversions,
    sum(outcome.value) AS value,
    sum(toFloat64(outcome.value)) AS y,
    sum(toFloat64(outcome.value) * toFloat64(outcome.value)) AS yy,
    sum(toFloat64(outcome.value_before)) AS x,
    sum(toFloat64(outcome.value_before) * toFloat64(outcome.value_before)) AS xx,
    sum(toFloat64(outcome.value_before) * toFloat64(outcome.value)) AS xy
FROM experiment_outcomes(
    workspace = {workspace:String},
    experiment = {experiment:String},
    conversion = {conversion:String},
    from = {from:DateTime64(3, 'UTC')},
    to = {to:DateTime64(3, 'UTC')},
    window_seconds = {window_seconds:UInt32},
    before_seconds = {before_seconds:UInt32},
    cap = {cap:Float64}
) AS outcome
GROUP BY variation
COMMENT 'One row a variation. Sums of an experiment by variation, as tests need them: y is value a person, x value before. Parameters as experiment_outcomes'
