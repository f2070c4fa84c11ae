-- What a person said about consent, whole: the profile's row holds what counts of it.

-- By "loneProfileId/purpose/channel" from now on, and wishes by "loneProfileId/name".
ALTER TABLE profile.profiles ADD COLUMN preferences jsonb NOT NULL DEFAULT '{}';

CREATE TABLE profile.consent_history (
  workspace_id text NOT NULL,
  -- Whose statement it is, whatever is merged or split later.
  lone_profile_id uuid NOT NULL,
  -- Position of the touchpoint on touchpoints.
  log_partition integer NOT NULL,
  log_offset bigint NOT NULL,
  -- A purpose, or the name of a preference.
  purpose text NOT NULL,
  channel text NOT NULL,
  -- granted, denied or withdrawn; for a preference its value, empty when taken back.
  status text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('consent', 'preference')),
  lawful_basis text,
  source_id text NOT NULL,
  text_version text,
  -- Milliseconds since the epoch.
  said_at bigint NOT NULL,
  received_at bigint NOT NULL,
  expires_at bigint,
  message_id text NOT NULL,
  -- Lone profiles whose earlier statements this one overrides while they are the same person.
  settles text[] NOT NULL DEFAULT '{}',
  PRIMARY KEY (workspace_id, lone_profile_id, log_partition, log_offset, kind, purpose, channel)
);
COMMENT ON TABLE profile.consent_history IS 'Every statement about consent and preferences, as it was said.';
