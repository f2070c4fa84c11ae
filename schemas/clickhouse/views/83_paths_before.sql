-- A name is the event, or what page it was. The same thing twice in a row is once.
CREATE OR REPLACE VIEW paths_before
AS
SELECT
    path,
    toUInt64(count()) AS times,
    toUInt64(uniqExact(person_key)) AS people,
    times / sum(times) OVER () AS share
FROM
(
    SELECT
        person_key,
        arrayJoin(arrayFilter(i -> taken[i].3 = {event:String} AND taken[i].1 >= toUnixTimestamp64Milli({from:DateTime64(3, 'UTC')}), arrayEnumerate(taken))) AS place,
        arrayFilter(step -> step.1 >= taken[place].1 - toInt64({lookback_seconds:UInt32}) * 1000 AND step.3 != {event:String}, arraySlice(taken, 1, place - 1)) AS steps_before,
        arraySlice(arrayCompact(steps_before.3), -toInt64({length:UInt8})) AS path
    FROM
    (
        SELECT
            person_key,
            arraySort(groupArray((toUnixTimestamp64Milli(timestamp), log_offset, if(event = '', concat(type, ' ', page_path), toString(event))))) AS taken
        FROM timeline
        WHERE workspace_id = {workspace:String}
            AND type IN ('page', 'screen', 'track')
            AND timestamp >= {from:DateTime64(3, 'UTC')} - toIntervalSecond({lookback_seconds:UInt32})
            AND timestamp < {to:DateTime64(3, 'UTC')}
        GROUP BY person_key
        HAVING countIf(event = {event:String}) > 0
    )
)
GROUP BY path
ORDER BY times DESC, path
COMMENT 'One row a path, the most frequent first. What people did last before an event, such as Order Completed or Subscription Cancelled. Parameters: workspace, event, length (at most so many steps), lookback_seconds, from, to'
