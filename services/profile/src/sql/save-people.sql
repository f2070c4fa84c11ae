-- Parts of the state that are left out did not change.
UPDATE profile.profiles AS known
SET
  survivor_id = new.survivor_id,
  sequence = new.sequence,
  part_ids = new.part_ids,
  first_seen_at = timestamptz 'epoch' + new.first_seen_at * interval '1 millisecond',
  last_seen_at = timestamptz 'epoch' + new.last_seen_at * interval '1 millisecond',
  traits = coalesce(new.traits, known.traits),
  trait_stamps = coalesce(new.trait_stamps, known.trait_stamps),
  identifiers = coalesce(new.identifiers, known.identifiers),
  recent_touchpoints = coalesce(new.recent_touchpoints, known.recent_touchpoints),
  consents = coalesce(new.consents, known.consents),
  preferences = coalesce(new.preferences, known.preferences),
  memberships = coalesce(new.memberships, known.memberships),
  scores = coalesce(new.scores, known.scores),
  recent_deliveries = coalesce(new.recent_deliveries, known.recent_deliveries),
  computed = coalesce(new.computed, known.computed),
  relationship = coalesce(new.relationship, known.relationship),
  clock = new.clock,
  lifecycle = new.lifecycle
FROM json_to_recordset($1::json) AS new (
  workspace_id text, profile_id uuid, survivor_id uuid, sequence bigint, part_ids uuid[],
  first_seen_at bigint, last_seen_at bigint, traits jsonb, trait_stamps json, identifiers jsonb, recent_touchpoints json,
  consents jsonb, preferences jsonb, memberships jsonb, scores jsonb, recent_deliveries jsonb,
  computed json, relationship json, clock bigint, lifecycle json
)
WHERE known.workspace_id = new.workspace_id AND known.profile_id = new.profile_id
