UPDATE segment.people
SET survivor_id = changed.survivor_id,
    sequence = changed.sequence,
    part_ids = changed.part_ids,
    clock = changed.clock,
    conditions = changed.conditions,
    memberships = changed.memberships
FROM jsonb_to_recordset($1::jsonb) AS changed (
  workspace_id text, profile_id text, survivor_id text, sequence bigint, part_ids text[], clock bigint,
  conditions jsonb, memberships text[]
)
WHERE people.workspace_id = changed.workspace_id
  AND people.profile_id = changed.profile_id;
