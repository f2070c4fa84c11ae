-- One writer of the graph at a time, whatever its partition or instance, until its transaction ends. Numbers grow in the
-- order of commits, for they are given under this lock.
INSERT INTO resolve.graph AS graph (epoch, sequence)
SELECT micros, micros
FROM (SELECT floor(extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS micros) AS clock
ON CONFLICT (one) DO UPDATE SET sequence = greatest(graph.sequence + 1, excluded.sequence)
RETURNING sequence
