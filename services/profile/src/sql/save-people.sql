-- A column of JSON comes as one text with a line for each person: read so it costs half of what a list of objects does. An empty line
-- is a part of the state that did not change.
UPDATE profile.profiles AS known
SET
  survivor_id = new.survivor_id,
  sequence = new.sequence,
  part_ids = new.part_ids::uuid[],
  first_seen_at = timestamptz 'epoch' + new.first_seen_at * interval '1 millisecond',
  last_seen_at = timestamptz 'epoch' + new.last_seen_at * interval '1 millisecond',
  clock = new.clock,
  traits = coalesce(new.traits::jsonb, known.traits),
  trait_stamps = coalesce(new.trait_stamps::json, known.trait_stamps),
  identifiers = coalesce(new.identifiers::jsonb, known.identifiers),
  recent_touchpoints = coalesce(new.recent_touchpoints::json, known.recent_touchpoints),
  consents = coalesce(new.consents::jsonb, known.consents),
  preferences = coalesce(new.preferences::jsonb, known.preferences),
  memberships = coalesce(new.memberships::jsonb, known.memberships),
  scores = coalesce(new.scores::jsonb, known.scores),
  recent_deliveries = coalesce(new.recent_deliveries::jsonb, known.recent_deliveries),
  computed = coalesce(new.computed::json, known.computed),
  relationship = coalesce(new.relationship::json, known.relationship),
  -- Always there: that a stage was taken away is an empty line too.
  lifecycle = new.lifecycle::json
FROM unnest(
  $1::text[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[],
  string_to_array($9, E'\n', ''), string_to_array($10, E'\n', ''), string_to_array($11, E'\n', ''),
  string_to_array($12, E'\n', ''), string_to_array($13, E'\n', ''), string_to_array($14, E'\n', ''),
  string_to_array($15, E'\n', ''), string_to_array($16, E'\n', ''), string_to_array($17, E'\n', ''),
  string_to_array($18, E'\n', ''), string_to_array($19, E'\n', ''), string_to_array($20, E'\n', '')
) AS new (
  workspace_id, profile_id, survivor_id, sequence, part_ids, first_seen_at, last_seen_at, clock,
  traits, trait_stamps, identifiers,
  recent_touchpoints, consents, preferences,
  memberships, scores, recent_deliveries,
  computed, relationship, lifecycle
)
WHERE known.workspace_id = new.workspace_id AND known.profile_id = new.profile_id
