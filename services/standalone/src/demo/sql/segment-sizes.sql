-- Who is in each segment now: the last change of each profile decides.
SELECT segment_id AS segment, toUInt32(countIf(change = 'entered')) AS members
FROM
(
    SELECT segment_id, profile_id, argMax(change, decided_at) AS change
    FROM memberships
    GROUP BY segment_id, profile_id
)
GROUP BY segment_id
ORDER BY segment_id
