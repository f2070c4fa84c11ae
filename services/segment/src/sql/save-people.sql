UPDATE segment.people
SET survivor_id = changed.survivor_id,
    clock = changed.clock,
    conditions = changed.conditions,
    memberships = changed.memberships,
    timers = changed.timers
FROM jsonb_to_recordset($1::jsonb) AS changed (
  workspace_id text, profile_id text, survivor_id text, clock bigint, conditions jsonb, memberships text[], timers jsonb
)
WHERE people.workspace_id = changed.workspace_id
  AND people.profile_id = changed.profile_id;
