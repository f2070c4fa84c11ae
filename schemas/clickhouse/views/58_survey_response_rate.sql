-- Asked are those whom a survey was sent to or shown to, and those who got a message of type survey, whose step is then the survey.
CREATE OR REPLACE VIEW survey_response_rate
AS
SELECT
    asked.survey_id AS survey_id,
    count() AS people_asked,
    countIf(answered.last_at >= asked.first_at) AS people_responded,
    people_responded / people_asked AS response_rate
FROM
(
    SELECT profile_id, survey_id, min(asked_at) AS first_at
    FROM
    (
        SELECT workspace_id, profile_id, JSONExtractString(properties, 'survey_id') AS survey_id, timestamp AS asked_at
        FROM touchpoints
        WHERE type = 'track' AND event IN ('Survey Sent', 'Survey Viewed')
        UNION ALL
        SELECT workspace_id, profile_id, toString(template_id) AS survey_id, sent_at AS asked_at
        FROM messages
        WHERE message_type = 'survey' AND is_sent
    )
    WHERE workspace_id = {workspace:String}
        AND asked_at >= {from:DateTime64(3, 'UTC')}
        AND asked_at < {to:DateTime64(3, 'UTC')}
    GROUP BY profile_id, survey_id
) AS asked
LEFT JOIN
(
    SELECT profile_id, survey_id, max(responded_at) AS last_at
    FROM survey_responses
    WHERE workspace_id = {workspace:String}
    GROUP BY profile_id, survey_id
) AS answered ON answered.profile_id = asked.profile_id AND answered.survey_id = asked.survey_id
GROUP BY asked.survey_id
COMMENT 'One row a survey. How many of those asked in a period answered, then or later. Parameters: workspace, from, to'
