-- Kaplan and Meier as in repurchase_survival: of the subscriptions that reached a day, how many ended on it. Those that still run, or
-- ended for another cause than the one asked about, are censored. The standard error is Greenwood's.
CREATE OR REPLACE VIEW subscription_survival
AS
SELECT
    breakdown,
    days,
    at_risk,
    ended,
    censored,
    exp(sum(if(ended = at_risk, -1e6, log1p(-ended / at_risk))) OVER so_far) AS surviving,
    surviving * sqrt(sum(if(ended = at_risk, 0, ended / (at_risk * (at_risk - ended)))) OVER so_far) AS standard_error
FROM
(
    SELECT
        breakdown,
        toUInt32(days) AS days,
        toUInt64(countIf(has_ended)) AS ended,
        toUInt64(countIf(NOT has_ended)) AS censored,
        toUInt64(sum(count()) OVER (PARTITION BY breakdown ORDER BY days ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)) AS at_risk
    FROM
    (
        SELECT
            multiIf({by:String} = 'plan', plan, {by:String} = 'interval', interval, '') AS breakdown,
            days,
            ended_on IS NOT NULL
                AND ({cause:String} = '' OR ifNull(is_voluntary = ({cause:String} = 'voluntary'), false)) AS has_ended
        FROM subscription_spells
        WHERE workspace_id = {workspace:String}
            AND (SELECT throwIf({by:String} NOT IN ('plan', 'interval', ''), 'by must be plan, interval or empty')) = 0
            AND (SELECT throwIf({cause:String} NOT IN ('voluntary', 'involuntary', ''), 'cause must be voluntary, involuntary or empty')) = 0
    )
    GROUP BY breakdown, days
)
WINDOW so_far AS (PARTITION BY breakdown ORDER BY days ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
ORDER BY breakdown, days
COMMENT 'One row a breakdown and number of days, in order. How long subscriptions run, as a survival curve. Parameters: workspace, by (plan, interval or empty), cause (voluntary, involuntary or empty for any)'
