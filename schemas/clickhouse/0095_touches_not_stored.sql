-- Touches and active moments become columns of profile_activity (0096). Its projections go, and what is read only to fill it is not stored any more.
ALTER TABLE touchpoints_by_profile DROP PROJECTION IF EXISTS touches_of_profiles;
ALTER TABLE touchpoints_by_profile DROP PROJECTION IF EXISTS active_moments;

ALTER TABLE touchpoints_by_profile DROP COLUMN IF EXISTS touch, DROP COLUMN IF EXISTS active_moment;
ALTER TABLE touchpoints_by_profile
    ADD COLUMN IF NOT EXISTS touch UInt128
        ALIAS if(
            is_touch,
            bitOr(
                bitShiftLeft(toUInt128(greatest(toUnixTimestamp64Milli(timestamp), 0)), 64),
                toUInt128(bitAnd(cityHash64(touch_channel, touch_source, touch_medium, campaign_name), 18446744073709551614) + (touch_channel = 'direct'))
            ),
            0
        )
        COMMENT 'Of a touch, as one number: milliseconds since 1970 in the upper half, what brought the person in the lower one (odd when direct)',
    ADD COLUMN IF NOT EXISTS active_moment DateTime('UTC')
        ALIAS if(
            toStartOfMonth((toDateTime(least(greatest(timestamp, toDateTime64('1970-01-02 00:00:00', 3, 'UTC')), toDateTime64('2106-01-01 00:00:00', 3, 'UTC')), 'UTC') AS moment) - 50400) = toStartOfMonth(moment + 50400),
            toDateTime(toStartOfMonth(moment), 'UTC') + 1209600,
            moment
        )
        COMMENT 'A moment in the same month as the touchpoint, in every time zone; alike for most touchpoints of a month';
