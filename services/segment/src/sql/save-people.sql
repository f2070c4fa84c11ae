UPDATE segment.people
SET survivor_id = changed.survivor_id,
    clock = changed.clock,
    conditions = changed.conditions,
    memberships = ARRAY(SELECT jsonb_array_elements_text(changed.memberships)),
    timers = changed.timers
FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::jsonb[], $6::jsonb[], $7::jsonb[])
  AS changed (workspace_id, profile_id, survivor_id, clock, conditions, memberships, timers)
WHERE people.workspace_id = changed.workspace_id
  AND people.profile_id = changed.profile_id;
