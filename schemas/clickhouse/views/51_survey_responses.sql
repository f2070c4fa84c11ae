CREATE OR REPLACE VIEW survey_responses
AS
SELECT
    found.workspace_id AS workspace_id,
    coalesce(nullIf(survivor.survivor_id, ''), found.lone_profile_id) AS profile_id,
    found.responded_at AS responded_at,
    found.response_id AS response_id,
    found.survey_id AS survey_id,
    found.kind AS kind,
    found.score AS score,
    found.tags AS tags,
    found.country AS country,
    found.source_id AS source_id
FROM found_survey_responses AS found
LEFT ANY JOIN profile_survivors AS survivor
    ON survivor.lone_key = reinterpretAsUInt128(sipHash128(toString(found.workspace_id), found.lone_profile_id))
COMMENT 'One row an answer: nps 0 to 10, csat 1 to 5, ces 1 to 7 (7: very easy)'
