-- What a person did in the window after the first exposure, and brought in the time before it. value is capped at cap when that is above 0, for
-- outliers. Money in the reporting currency of the workspace.
CREATE OR REPLACE VIEW experiment_outcomes
AS
SELECT
    exposed.profile_id AS profile_id,
    exposed.variation AS variation,
    exposed.exposed_at AS exposed_at,
    countIf(happened.is_after) AS conversions,
    least(sumIf(happened.value, happened.is_after), if({cap:Float64} > 0, toDecimal128({cap:Float64}, 4), toDecimal128('1e30', 4))) AS value,
    sumIf(happened.value, happened.is_before) AS value_before
FROM
(
    SELECT profile_id, variation, exposed_at
    FROM experiment_exposures
    WHERE workspace_id = {workspace:String}
        AND experiment_id = {experiment:String}
        AND NOT is_mixed
        AND exposed_at >= {from:DateTime64(3, 'UTC')}
        AND exposed_at < {to:DateTime64(3, 'UTC')}
) AS exposed
LEFT JOIN
(
    SELECT
        met.profile_id AS profile_id,
        done.value AS value,
        done.converted_at >= met.exposed_at
            AND done.converted_at < met.exposed_at + toIntervalSecond({window_seconds:UInt32})
            AND done.converted_at < {to:DateTime64(3, 'UTC')} AS is_after,
        done.converted_at < met.exposed_at
            AND done.converted_at >= met.exposed_at - toIntervalSecond({before_seconds:UInt32}) AS is_before
    FROM conversions AS done
    INNER JOIN experiment_exposures AS met ON met.workspace_id = done.workspace_id AND met.profile_id = done.profile_id
    WHERE done.workspace_id = {workspace:String}
        AND done.event = {conversion:String}
        AND met.workspace_id = {workspace:String}
        AND met.experiment_id = {experiment:String}
        AND (is_after OR is_before)
) AS happened ON happened.profile_id = exposed.profile_id
GROUP BY exposed.profile_id, exposed.variation, exposed.exposed_at
COMMENT 'One row a person of an experiment: what followed the exposure, and what came before. Parameters: workspace, experiment, conversion (event), from, to, window_seconds, before_seconds, cap'
