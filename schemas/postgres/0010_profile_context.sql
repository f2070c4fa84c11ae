-- What a business should know of a person before it speaks: computed traits, the relationship, the lifecycle stage; what
-- people are found by; accounts.

-- Kept as text, like the stamps: read whole and written often. Keys are sorted, so that equal states are equal bytes.
ALTER TABLE profile.profiles
  -- By computed trait and calendar day ("all" where it has no window), what the value is made of.
  ADD COLUMN computed json NOT NULL DEFAULT '{}',
  -- See libs/profile/src/relationship/relationship.ts.
  ADD COLUMN relationship json NOT NULL DEFAULT '{}',
  -- Latest log time seen, milliseconds since the epoch.
  ADD COLUMN clock bigint NOT NULL DEFAULT 0,
  -- {"stage", "dueAt"} as of the clock; dueAt: when the passing of time alone may change it, milliseconds, or null.
  ADD COLUMN lifecycle json;

CREATE TABLE profile.search_keys (
  workspace_id text NOT NULL,
  -- trait/<name>, computed/<name>, stage or account.
  name text NOT NULL,
  -- In lower case, except of accounts.
  value text NOT NULL,
  profile_id uuid NOT NULL,
  PRIMARY KEY (workspace_id, name, value, profile_id)
);
COMMENT ON TABLE profile.search_keys IS 'What each person can be found by, as the definitions of traits say; follows from profile.profiles.';

CREATE TABLE profile.accounts (
  workspace_id text NOT NULL,
  account_id text NOT NULL,
  first_seen_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  traits jsonb NOT NULL DEFAULT '{}',
  -- As in profile.profiles.
  trait_stamps json NOT NULL DEFAULT '{}',
  PRIMARY KEY (workspace_id, account_id)
);
COMMENT ON TABLE profile.accounts IS 'Groups of people, as group calls name and describe them. Members are search_keys of the name account.';
