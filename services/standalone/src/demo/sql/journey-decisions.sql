-- What the journeys did, and why.
SELECT journey_id AS journey, kind, reason, toUInt32(count()) AS people
FROM journeys
GROUP BY journey, kind, reason
ORDER BY journey, people DESC, kind, reason
