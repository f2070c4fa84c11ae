-- In one statement, so that the sequence belongs to the moves read with it.
SELECT graph.epoch, graph.sequence, move.identifier_id, move.profile_id
FROM resolve.graph AS graph
LEFT JOIN resolve.moves AS move ON move.sequence > $1
ORDER BY move.sequence
