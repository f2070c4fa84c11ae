SELECT source_id AS source, sum(received)::float8 AS received, sum(duplicates)::float8 AS duplicates
FROM resolve.intake
WHERE workspace_id = $1
GROUP BY source_id
