-- Profiles that are probably one person. No projection of the log: found anew every night from the profiles, and reviewed
-- by people, whose word goes to the log as a decision on identities.
CREATE SCHEMA duplicates;

CREATE TABLE duplicates.suggestions (
  suggestion_id uuid PRIMARY KEY,
  workspace_id text NOT NULL,
  -- The smaller id first.
  lower_id uuid NOT NULL,
  higher_id uuid NOT NULL,
  -- From 0 to 1.
  probability double precision NOT NULL,
  -- By field, how alike and what that says in bits: [{"field", "level", "bits"}]. Holds no value.
  evidence jsonb NOT NULL,
  found_at timestamptz NOT NULL
);
CREATE INDEX suggestions_likely ON duplicates.suggestions (workspace_id, probability DESC, suggestion_id);
COMMENT ON TABLE duplicates.suggestions IS 'Pairs of profiles that are probably one person, of the newest search.';

CREATE TABLE duplicates.searches (
  workspace_id text PRIMARY KEY,
  started_at timestamptz NOT NULL,
  finished_at timestamptz NOT NULL,
  profiles bigint NOT NULL,
  -- Pairs that were compared.
  candidates bigint NOT NULL,
  suggestions bigint NOT NULL,
  -- Bits of evidence a suggestion needed.
  needed_bits double precision NOT NULL
);
COMMENT ON TABLE duplicates.searches IS 'The newest search for duplicates of each workspace.';
