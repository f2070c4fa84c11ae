CREATE OR REPLACE VIEW onboarding
AS
SELECT
    workspace_id,
    step,
    any(of_workspace) AS started,
    toUInt64(uniqExact(profile_id)) AS completed,
    if(started = 0, 0, completed / started) AS completion,
    avg(seconds) AS mean_seconds_from_first
FROM
(
    SELECT
        workspace_id,
        profile_id,
        JSONExtractString(properties, 'step') AS step,
        min(timestamp) AS completed_at,
        min(min(timestamp)) OVER (PARTITION BY workspace_id, profile_id) AS began_at,
        dateDiff('second', began_at, completed_at) AS seconds
    FROM touchpoints
    WHERE type = 'track' AND event = 'Onboarding Step Completed'
    GROUP BY workspace_id, profile_id, step
) AS done
LEFT ANY JOIN
(
    SELECT workspace_id, toUInt64(uniqExact(profile_id)) AS of_workspace
    FROM touchpoints
    WHERE type = 'track' AND event IN ('Onboarding Step Completed', 'Signed Up')
    GROUP BY workspace_id
) AS began ON began.workspace_id = done.workspace_id
GROUP BY workspace_id, step
COMMENT 'One row a step. Onboarding steps: how many of those who signed up or began completed each'
