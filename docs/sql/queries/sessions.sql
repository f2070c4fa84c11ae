-- Not the view sessions, which takes the pause that the workspace declares, leaves out what happens to people without their doing, and begins
-- a new session after a pause as long as that. Published figures count every event, pauses of any length, and longer ones only: hence this query.
-- Sessions: a pause longer than `pause_seconds` between two touchpoints of a person begins a new one.
SELECT
    uniqExact(profile_id) AS people,
    countIf(is_first) AS sessions
FROM
(
    SELECT
        profile_id,
        row_number() OVER person = 1
            OR dateDiff('second', lagInFrame(timestamp) OVER person, timestamp) > {pause_seconds:UInt32} AS is_first
    FROM touchpoints
    WHERE type IN ('track', 'page', 'screen')
    WINDOW person AS (PARTITION BY profile_id ORDER BY timestamp ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
)
