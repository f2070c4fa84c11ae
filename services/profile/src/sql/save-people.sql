UPDATE profile.profiles AS known
SET
  survivor_id = new.survivor_id,
  sequence = new.sequence,
  part_ids = new.part_ids,
  first_seen_at = timestamptz 'epoch' + new.first_seen_at * interval '1 millisecond',
  last_seen_at = timestamptz 'epoch' + new.last_seen_at * interval '1 millisecond',
  traits = new.traits,
  trait_stamps = new.trait_stamps,
  identifiers = new.identifiers,
  recent_touchpoints = new.recent_touchpoints,
  consents = new.consents,
  preferences = new.preferences,
  memberships = new.memberships,
  scores = new.scores,
  recent_deliveries = new.recent_deliveries,
  computed = new.computed,
  relationship = new.relationship,
  clock = new.clock,
  lifecycle = new.lifecycle
FROM json_to_recordset($1::json) AS new (
  workspace_id text, profile_id uuid, survivor_id uuid, sequence bigint, part_ids uuid[],
  first_seen_at bigint, last_seen_at bigint, traits jsonb, trait_stamps json, identifiers jsonb, recent_touchpoints json,
  consents jsonb, preferences jsonb, memberships jsonb, scores jsonb, recent_deliveries jsonb,
  computed json, relationship json, clock bigint, lifecycle json
)
WHERE known.workspace_id = new.workspace_id AND known.profile_id = new.profile_id
