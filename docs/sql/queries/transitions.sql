-- What follows what: pairs of consecutive events of a session, most often first. `within` is the property that names the session.
-- Events of one instant stand in the order they were recorded.
WITH sequences AS
(
    SELECT arrayMap(one -> one.3, arraySort(groupArray((timestamp, log_offset, event)))) AS events
    FROM touchpoints
    WHERE type = 'track'
    GROUP BY profile_id, JSONExtractString(properties, {within:String})
)
SELECT pair.1 AS event, pair.2 AS next_event, count() AS times
FROM sequences
ARRAY JOIN arrayZip(arrayPopBack(events), arrayPopFront(events)) AS pair
GROUP BY event, next_event
ORDER BY times DESC, event, next_event
LIMIT {most:UInt32}
