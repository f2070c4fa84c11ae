-- Replaces the projection active_months: one row a lone profile with all its months, instead of one row for each. A touchpoint within 14 hours of the
-- end of a month, which other time zones may count to another month, keeps its own moment; all others stand for the middle of their month.
ALTER TABLE touchpoints_by_profile
    ADD COLUMN IF NOT EXISTS active_moment DateTime('UTC')
        MATERIALIZED if(
            toStartOfMonth((toDateTime(least(greatest(timestamp, toDateTime64('1970-01-02 00:00:00', 3, 'UTC')), toDateTime64('2106-01-01 00:00:00', 3, 'UTC')), 'UTC') AS moment) - 50400) = toStartOfMonth(moment + 50400),
            toDateTime(toStartOfMonth(moment), 'UTC') + 1209600,
            moment
        )
        COMMENT 'A moment in the same month as the touchpoint, in every time zone; alike for most touchpoints of a month';

ALTER TABLE touchpoints_by_profile
    ADD PROJECTION IF NOT EXISTS active_moments
    (
        SELECT workspace_id, lone_key, groupUniqArray(active_moment)
        GROUP BY workspace_id, lone_key
    );

ALTER TABLE touchpoints_by_profile DROP PROJECTION IF EXISTS active_months;
