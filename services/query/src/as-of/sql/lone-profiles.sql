-- Who lived in the person of a profile, by the merges and splits that stood on the log then.
WITH
    moved AS
    (
        SELECT profile_id AS lone, argMax(survivor_id, sequence) AS lived_in
        FROM identities
        WHERE workspace_id = {workspace:String}
            AND toUnixTimestamp64Milli(appended_at) <= {asOf:Int64}
        GROUP BY profile_id
    ),
    coalesce(nullIf((SELECT any(lived_in) FROM moved WHERE lone = {profile:String}), ''), {profile:String}) AS person
SELECT lone AS profile
FROM moved
WHERE lived_in = person
UNION DISTINCT
SELECT person AS profile
WHERE person NOT IN (SELECT lone FROM moved WHERE lived_in != person)
