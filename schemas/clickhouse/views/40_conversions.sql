CREATE OR REPLACE VIEW conversions
AS
SELECT
    found.workspace_id AS workspace_id,
    if(survivor.survivor_key = 0, found.lone_key, survivor.survivor_key) AS person_key,
    coalesce(nullIf(survivor.survivor_id, ''), found.lone_profile_id) AS profile_id,
    found.event AS event,
    found.conversion_id AS conversion_id,
    found.converted_at AS converted_at,
    found.value AS value
FROM conversion_rows AS found
LEFT ANY JOIN profile_survivors AS survivor ON survivor.lone_key = found.lone_key
COMMENT 'One row a conversion. Orders, and every other track event, as something that can be attributed or compared; filter by event. value in the reporting currency'
