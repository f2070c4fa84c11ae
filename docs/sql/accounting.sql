-- What became of everything received, by source: received = stored + duplicates + erased + rejected.
-- Resolve counts what it read from the log, in PostgreSQL; stored and rejected are the rows here. While events are on
-- their way, `unaccounted` is what one side has seen and the other has not yet.
SELECT
    workspace_id,
    source_id,
    sum(received) AS received,
    sum(stored) AS stored,
    sum(duplicates) AS duplicates,
    sum(erased) AS erased,
    sum(rejected) AS rejected,
    received - stored - duplicates - erased - rejected AS unaccounted
FROM
(
    SELECT workspace_id, source_id, received, toInt64(0) AS stored, duplicates, erased, toInt64(0) AS rejected
    FROM postgresql({postgres:String}, {database:String}, 'intake', {user:String}, {password:String}, 'resolve')
    UNION ALL
    SELECT workspace_id, source_id, 0, toInt64(count()), 0, 0, 0
    FROM recorded_touchpoints
    GROUP BY workspace_id, source_id
    UNION ALL
    SELECT workspace_id, source_id, toInt64(count()), 0, 0, 0, toInt64(count())
    FROM rejected_touchpoints
    WHERE reason != 'continued'
    GROUP BY workspace_id, source_id
)
GROUP BY workspace_id, source_id
ORDER BY workspace_id, source_id
