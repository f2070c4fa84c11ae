-- People who were merged can be split again: what each lone profile told is kept as a part of its own, as soon as a
-- person has more than one. A person of one profile costs one row, as before.

-- sequence: of the merge or split that says where this profile lives; 0 where none with a number did.
-- part_ids: the lone profiles whose parts this row joins, sorted; empty where the row is that of its own profile alone.
ALTER TABLE profile.profiles
  ADD COLUMN sequence bigint NOT NULL DEFAULT 0,
  ADD COLUMN part_ids uuid[] NOT NULL DEFAULT '{}';

CREATE TABLE profile.parts (
  workspace_id text NOT NULL,
  profile_id uuid NOT NULL,
  -- What this lone profile alone told, in the form of libs/profile/src/profile-state.ts.
  state jsonb NOT NULL,
  PRIMARY KEY (workspace_id, profile_id)
) WITH (fillfactor = 70);
COMMENT ON TABLE profile.parts IS 'What each lone profile told, of people who have several.';

CREATE TABLE profile.order_parts (
  workspace_id text NOT NULL,
  profile_id uuid NOT NULL,
  order_id text NOT NULL,
  -- As in profile.orders.
  completed jsonb,
  refunds jsonb NOT NULL,
  PRIMARY KEY (workspace_id, profile_id, order_id)
);
COMMENT ON TABLE profile.order_parts IS 'What each lone profile told of orders, of people who have several.';

-- The pending timer of a person follows from the rest of the row.
ALTER TABLE segment.people
  DROP COLUMN timers,
  ADD COLUMN sequence bigint NOT NULL DEFAULT 0,
  ADD COLUMN part_ids text[] NOT NULL DEFAULT '{}';

CREATE TABLE segment.parts (
  workspace_id text NOT NULL,
  profile_id text NOT NULL,
  -- {"clock", "conditions", "memberships"}; memberships are the whole person's and empty here.
  state jsonb NOT NULL,
  PRIMARY KEY (workspace_id, profile_id)
) WITH (fillfactor = 80);
COMMENT ON TABLE segment.parts IS 'What each lone profile did, of people who have several.';

ALTER TABLE orchestrate.people
  ADD COLUMN sequence bigint NOT NULL DEFAULT 0,
  ADD COLUMN part_ids text[] NOT NULL DEFAULT '{}';

CREATE TABLE orchestrate.parts (
  workspace_id text NOT NULL,
  profile_id text NOT NULL,
  -- {"journeys": {"clock", "lastEventAt", "consents", "instances"}, "contact"}; an instance stands with the profile that entered.
  state jsonb NOT NULL,
  PRIMARY KEY (workspace_id, profile_id)
) WITH (fillfactor = 80);
COMMENT ON TABLE orchestrate.parts IS 'What the journeys remember of each lone profile, of people who have several.';

-- Purchases stand under the lone profile; who that is now is looked up here.
ALTER TABLE score.survivors
  ADD COLUMN sequence bigint NOT NULL DEFAULT 0;
