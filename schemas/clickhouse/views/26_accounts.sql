-- The newest word on each trait counts; traits as a whole are those of the newest group call that gave any.
CREATE OR REPLACE VIEW accounts
AS
SELECT
    workspace_id,
    group_id AS account_id,
    argMaxIf(JSONExtractString(traits, 'name'), timestamp, JSONExtractString(traits, 'name') != '') AS name,
    argMaxIf(JSONExtractString(traits, 'industry'), timestamp, JSONExtractString(traits, 'industry') != '') AS industry,
    argMaxIf(JSONExtractString(traits, 'plan'), timestamp, JSONExtractString(traits, 'plan') != '') AS plan,
    argMaxIf(JSONExtractString(traits, 'website'), timestamp, JSONExtractString(traits, 'website') != '') AS website,
    argMaxIf(JSONExtractUInt(traits, 'employees'), timestamp, JSONExtractUInt(traits, 'employees') > 0) AS employees,
    argMaxIf(touchpoints.traits, timestamp, touchpoints.traits NOT IN ('', '{}')) AS latest_traits,
    min(timestamp) AS first_seen_at,
    max(timestamp) AS last_seen_at,
    uniqExact(profile_id) AS members
FROM touchpoints
WHERE type = 'group' AND group_id != ''
GROUP BY workspace_id, group_id
COMMENT 'One row an account (a group in the words of Segment) with what was said of it last'
