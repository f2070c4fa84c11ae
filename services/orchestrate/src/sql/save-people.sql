UPDATE orchestrate.people
SET survivor_id = changed.survivor_id,
    clock = changed.clock,
    memory = changed.memory,
    contact = changed.contact
FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::jsonb[], $6::jsonb[])
  AS changed (workspace_id, profile_id, survivor_id, clock, memory, contact)
WHERE people.workspace_id = changed.workspace_id
  AND people.profile_id = changed.profile_id;
