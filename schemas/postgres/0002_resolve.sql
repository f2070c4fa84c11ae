-- Who is who: which profile every identifier belongs to, and which messages were seen.
CREATE SCHEMA resolve;

CREATE TABLE resolve.messages (
  -- First 16 bytes of SHA-256 over workspace and messageId, so that the key holds the workspace.
  message_hash bytea PRIMARY KEY,
  -- Type, event, subject and original time in four bytes: tells a repeated message from another one under the same id.
  fingerprint bytea NOT NULL,
  -- A message is forgotten by the log time of its own partition, so that forgetting repeats in a replay.
  log_partition integer NOT NULL,
  -- Day of receivedAt, counted from 1970-01-01.
  received_day integer NOT NULL
);
COMMENT ON TABLE resolve.messages IS 'Messages resolved in the last 31 days of log time; a second one is a duplicate.';

CREATE TABLE resolve.intake (
  workspace_id text NOT NULL,
  source_id text NOT NULL,
  -- Hour of receivedAt.
  received_hour timestamptz NOT NULL,
  -- A row per partition, so that partitions never wait for each other.
  log_partition integer NOT NULL,
  received bigint NOT NULL,
  resolved bigint NOT NULL,
  duplicates bigint NOT NULL,
  -- Those of the duplicates whose content differs from the message kept.
  conflicts bigint NOT NULL,
  -- Touchpoints whose subject was erased before they were resolved.
  erased bigint NOT NULL,
  PRIMARY KEY (workspace_id, source_id, received_hour, log_partition),
  CHECK (received = resolved + duplicates + erased)
);
COMMENT ON TABLE resolve.intake IS 'What became of the touchpoints on the log, by source and hour: received = resolved + duplicates + erased.';

CREATE TABLE resolve.identifiers (
  workspace_id text NOT NULL,
  identifier_type text NOT NULL,
  identifier_hash text NOT NULL,
  -- The profile when the identifier was linked; resolve.merges says where that profile lives on.
  profile_id uuid NOT NULL,
  lead_type text NOT NULL,
  PRIMARY KEY (workspace_id, identifier_type, identifier_hash)
);
COMMENT ON TABLE resolve.identifiers IS 'Identifiers by keyed hash and the profile they were linked to; rows never change.';

CREATE TABLE resolve.merges (
  workspace_id text NOT NULL,
  merged_id uuid NOT NULL,
  -- Always a profile that is not merged itself.
  survivor_id uuid NOT NULL,
  lead_type text NOT NULL,
  -- Grows in the order of commits, because merges are written under one lock; instances follow it.
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  PRIMARY KEY (workspace_id, merged_id)
);
CREATE UNIQUE INDEX merges_sequence ON resolve.merges (sequence);
CREATE INDEX merges_survivor ON resolve.merges (workspace_id, survivor_id);
COMMENT ON TABLE resolve.merges IS 'Profiles that turned out to be somebody else, and who they are now.';

CREATE TABLE resolve.refusals (
  workspace_id text NOT NULL,
  lead_type text NOT NULL,
  lead_hash text NOT NULL,
  identifier_type text NOT NULL,
  identifier_hash text NOT NULL,
  PRIMARY KEY (workspace_id, lead_type, lead_hash, identifier_type, identifier_hash)
);
COMMENT ON TABLE resolve.refusals IS 'Links that were refused and told once on the topic identities.';
