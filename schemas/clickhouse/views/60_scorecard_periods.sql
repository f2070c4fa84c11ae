-- Every week, month and quarter from the first touchpoint to the last one, also those in which nothing happened; none in the future.
CREATE OR REPLACE VIEW scorecard_periods
AS
SELECT
    workspace_id,
    rhythm,
    arrayJoin(
        arrayMap(
            step -> multiIf(rhythm = 'weekly', addWeeks(start, step), rhythm = 'monthly', addMonths(start, step), addQuarters(start, step)),
            range(toUInt32(greatest(multiIf(rhythm = 'weekly', dateDiff('week', start, toMonday(last_day)), rhythm = 'monthly', dateDiff('month', start, last_day), dateDiff('quarter', start, last_day)), -1) + 1))
        )
    ) AS period_start
FROM
(
    SELECT
        workspace_id,
        first_day,
        last_day,
        arrayJoin(['weekly', 'monthly', 'quarterly']) AS rhythm,
        multiIf(rhythm = 'weekly', toMonday(first_day), rhythm = 'monthly', toStartOfMonth(first_day), toStartOfQuarter(first_day)) AS start
    FROM
    (
        SELECT
            seen.workspace_id AS workspace_id,
            toDate(formatDateTime(greatest(min(seen.first_seen_at), toDateTime64('1971-01-01 00:00:00', 3, 'UTC')), '%Y-%m-%d', any(zones.time_zone))) AS first_day,
            toDate(formatDateTime(least(max(seen.last_seen_at), now64(3)), '%Y-%m-%d', any(zones.time_zone))) AS last_day
        FROM (SELECT workspace_id, min(first_seen_at) AS first_seen_at, max(last_seen_at) AS last_seen_at FROM profile_activity GROUP BY workspace_id) AS seen
        INNER JOIN workspace_zones AS zones ON zones.workspace_id = seen.workspace_id
        GROUP BY seen.workspace_id
    )
)
COMMENT 'One row a rhythm and period. The periods that a scorecard has a row for'
