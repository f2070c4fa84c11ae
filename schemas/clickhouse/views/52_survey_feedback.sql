-- Conventions. NPS: 100 (promoters - detractors), promoters 9-10, detractors 0-6, margin 1.959964 * 100 sqrt((p + d - (p - d)^2) / n).
-- CSAT: share of 4 and 5 with its Wilson interval. CES: mean with 1.959964 standard errors. All intervals hold 95%.
CREATE OR REPLACE VIEW survey_feedback
AS
WITH 3.841458820694124 AS z2
SELECT
    kind,
    survey_id,
    label,
    count() AS responses,
    avg(given.score) AS mean,
    countIf(kind = 'nps' AND given.score >= 9) AS promoters,
    countIf(kind = 'nps' AND given.score > 6 AND given.score < 9) AS passives,
    countIf(kind = 'nps' AND given.score <= 6) AS detractors,
    countIf(kind = 'csat' AND given.score >= 4) AS satisfied,
    if(kind = 'nps', 100 * (promoters - toInt64(detractors)) / responses, NULL) AS nps,
    if(kind = 'nps', 1.959963984540054 * 100 * sqrt((promoters + detractors) / responses - pow((promoters - toInt64(detractors)) / responses, 2)) / sqrt(responses), NULL) AS nps_margin,
    if(kind = 'csat', satisfied / responses, NULL) AS csat,
    if(kind = 'csat', (csat + z2 / (2 * responses) - sqrt(z2) * sqrt(csat * (1 - csat) / responses + z2 / (4 * responses * responses))) / (1 + z2 / responses), NULL) AS csat_lower,
    if(kind = 'csat', (csat + z2 / (2 * responses) + sqrt(z2) * sqrt(csat * (1 - csat) / responses + z2 / (4 * responses * responses))) / (1 + z2 / responses), NULL) AS csat_upper,
    if(kind = 'ces', mean, NULL) AS ces,
    if(kind = 'ces' AND responses > 1, 1.959963984540054 * sqrt(varPop(given.score) / (responses - 1)), NULL) AS ces_margin
FROM
(
    SELECT
        kind,
        survey_id,
        score,
        arrayJoin(
            multiIf(
                {by:String} = 'tag', tags,
                {by:String} = 'country', [country],
                {by:String} = 'source', [toString(source_id)],
                {by:String} = 'month', [formatDateTime(responded_at, '%Y-%m', coalesce(nullIf(settings.time_zone, ''), 'UTC'))],
                ['']
            )
        ) AS label
    FROM survey_responses
    LEFT ANY JOIN (SELECT workspace_id, time_zone FROM workspaces FINAL) AS settings ON settings.workspace_id = survey_responses.workspace_id
    WHERE workspace_id = {workspace:String}
        AND responded_at >= {from:DateTime64(3, 'UTC')}
        AND responded_at < {to:DateTime64(3, 'UTC')}
        AND (SELECT throwIf({by:String} NOT IN ('all', 'month', 'country', 'source', 'tag'), 'by must be all, month, country, source or tag')) = 0
) AS given
GROUP BY kind, survey_id, label
COMMENT 'One row a survey and label. NPS, CSAT and CES with margins. Parameters: workspace, from, to, by (all, month, country, source, or tag: an answer counts for each of its tags)'
