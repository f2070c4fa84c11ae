-- Who is in each segment now: the last change of each person decides, merges followed.
SELECT segment_id AS segment, toUInt32(countIf(last_change = 'entered')) AS members
FROM
(
    SELECT
        changed.segment_id AS segment_id,
        coalesce(nullIf(survivor.survivor_id, ''), changed.profile_id) AS person,
        argMax(changed.change, (changed.decided_at, changed.log_offset)) AS last_change
    FROM memberships AS changed
    LEFT ANY JOIN profile_survivors AS survivor
        ON survivor.workspace_id = changed.workspace_id AND survivor.profile_id = changed.profile_id
    GROUP BY segment_id, person
)
GROUP BY segment_id
ORDER BY segment_id
