-- Who was erased, and who changed or read what: projections of the topics erasures and audit-entries.
CREATE SCHEMA privacy;

CREATE TABLE privacy.erasures (
  erasure_id text PRIMARY KEY,
  workspace_id text NOT NULL,
  status text NOT NULL DEFAULT 'requested' CHECK (status IN ('requested', 'completed')),
  profile_ids text[] NOT NULL,
  subject_ids text[] NOT NULL,
  identifier_hashes text[] NOT NULL,
  requested_by text NOT NULL,
  requested_at timestamptz NOT NULL,
  -- The step under way in words, for whoever waits.
  step text NOT NULL DEFAULT 'waiting',
  -- Whether resolve.intake counts the person's touchpoints as erased by now.
  intake_adjusted boolean NOT NULL DEFAULT false,
  -- By "topic/partition", the first offset that is not erased; null until the erasure is completed.
  cuts jsonb,
  -- What was found and removed, store by store.
  findings jsonb NOT NULL DEFAULT '[]',
  certificate text,
  completed_at timestamptz
);
COMMENT ON TABLE privacy.erasures IS 'Erasures of people; holds keyed hashes and profile ids only.';

CREATE TABLE privacy.erased_people (
  workspace_id text NOT NULL,
  -- A profile id or a subject id.
  person_id text NOT NULL,
  erasure_id text NOT NULL REFERENCES privacy.erasures,
  PRIMARY KEY (workspace_id, person_id, erasure_id)
);
COMMENT ON TABLE privacy.erased_people IS 'Every id of an erased person, for consumers that meet their records on the log.';

CREATE TABLE privacy.epoch (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  -- Grows whenever an erasure begins or ends. Consumers read it with their position; the eraser locks this table for the
  -- moment in which an erasure ends, so that no consumer is in the middle of a batch then.
  value bigint NOT NULL
);
INSERT INTO privacy.epoch (value) VALUES (0);
COMMENT ON TABLE privacy.epoch IS 'Tells consumers that an erasure began or ended.';

CREATE SCHEMA audit;

CREATE TABLE audit.entries (
  workspace_id text NOT NULL,
  sequence bigint NOT NULL,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  target text NOT NULL,
  details jsonb NOT NULL,
  previous_hash text NOT NULL,
  hash text NOT NULL,
  -- Whether it stands on the topic audit-entries.
  appended boolean NOT NULL DEFAULT false,
  PRIMARY KEY (workspace_id, sequence)
);
CREATE INDEX entries_waiting ON audit.entries (workspace_id, sequence) WHERE NOT appended;
CREATE INDEX entries_target ON audit.entries (workspace_id, target, sequence);
COMMENT ON TABLE audit.entries IS 'Who changed or read what; chained by hash, append-only.';

CREATE FUNCTION audit.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'appended' = to_jsonb(OLD) - 'appended' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'audit.entries is append-only';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit.entries FOR EACH ROW EXECUTE FUNCTION audit.refuse_change();

CREATE TABLE audit.heads (
  workspace_id text PRIMARY KEY,
  sequence bigint NOT NULL,
  hash text NOT NULL
);
COMMENT ON TABLE audit.heads IS 'The newest entry of every workspace; its row is the lock under which the next one is chained.';

CREATE TABLE audit.definitions (
  file text PRIMARY KEY,
  -- SHA-256 in hex.
  checksum text NOT NULL
);
COMMENT ON TABLE audit.definitions IS 'Definition files as they were last loaded, to notice what changed.';
