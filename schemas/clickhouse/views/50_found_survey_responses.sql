-- An answer that was sent again under its response_id is the same answer, the newest counts. A score outside its scale is no answer.
-- PREWHERE: the JSON of other events must not be parsed. Left to itself ClickHouse may test JSON first, or what a join asks for.
CREATE OR REPLACE VIEW found_survey_responses
AS
SELECT workspace_id, lone_profile_id, responded_at, response_id, survey_id, kind, score, tags, country, source_id
FROM
(
    SELECT
        workspace_id,
        lone_profile_id,
        timestamp AS responded_at,
        coalesce(nullIf(JSONExtractString(properties, 'response_id'), ''), message_id) AS response_id,
        lower(coalesce(nullIf(JSONExtractString(properties, 'survey'), ''), JSONExtractString(properties, 'survey_type'))) AS kind,
        coalesce(nullIf(JSONExtractString(properties, 'survey_id'), ''), kind) AS survey_id,
        toFloat64OrNull(JSONExtractString(properties, 'score')) AS score,
        arrayFilter(tag -> tag != '', JSONExtract(properties, 'tags', 'Array(String)')) AS tags,
        toString(country) AS country,
        source_id
    FROM recorded_touchpoints
    PREWHERE type = 'track' AND event = 'Survey Responded'
    ORDER BY timestamp DESC, received_at DESC, log_partition DESC, log_offset DESC
    LIMIT 1 BY workspace_id, survey_id, response_id
)
WHERE (kind = 'nps' AND score BETWEEN 0 AND 10) OR (kind = 'csat' AND score BETWEEN 1 AND 5) OR (kind = 'ces' AND score BETWEEN 1 AND 7)
COMMENT 'One row an answer. Answers as survey_responses shows them, under the lone profiles that they were recorded for: what counts them need not know who those are today'
