CREATE OR REPLACE VIEW contact_pressure
AS
SELECT
    profile_id,
    count() AS received,
    countIf(message_type = 'promotional') AS promotional,
    mapSort(sumMap(map(channel, toUInt64(1)))) AS by_channel,
    min(sent) AS first_sent_at,
    max(sent) AS last_sent_at,
    max(in_week) AS most_in_a_week
FROM
(
    SELECT
        profile_id,
        toString(channel) AS channel,
        message_type,
        assumeNotNull(sent_at) AS sent,
        -- The 7 days that end with this message.
        count() OVER (PARTITION BY profile_id ORDER BY toUnixTimestamp64Milli(sent) RANGE BETWEEN 604799999 PRECEDING AND CURRENT ROW) AS in_week
    FROM messages
    WHERE workspace_id = {workspace:String}
        AND is_sent
        AND sent_at >= {from:DateTime64(3, 'UTC')}
        AND sent_at < {to:DateTime64(3, 'UTC')}
)
GROUP BY profile_id
COMMENT 'One row a person who received any. Messages that each person received in a period, and the most within seven days. Parameters: workspace, from, to'
