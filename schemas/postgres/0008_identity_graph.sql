-- Who is who, as a graph: identifiers, and links between those that came together. Which of them are one person follows
-- from the graph and the rules alone, in whatever order it grew.
DROP TABLE resolve.identifiers, resolve.merges, resolve.refusals;

CREATE TABLE resolve.identifiers (
  -- The profile that the identifier stands for alone; computed from workspace, type and hash, it names the identifier.
  identifier_id uuid PRIMARY KEY,
  workspace_id text NOT NULL,
  identifier_type text NOT NULL,
  identifier_hash text NOT NULL,
  -- Earliest event time, milliseconds since the epoch.
  first_seen_at bigint NOT NULL,
  -- Whether it ever led a touchpoint.
  leads boolean NOT NULL,
  -- Identifiers it was seen together with, by their type; declared links under "declared".
  link_counts jsonb NOT NULL,
  -- Types of which it was seen with more than anybody has; links with them say nothing.
  crowded_types text[] NOT NULL,
  -- Seen with more people than one person's identifier can be: none of its links says anything.
  shared boolean NOT NULL,
  -- Part of a mega-cluster: it stands alone.
  entangled boolean NOT NULL,
  -- The person it belongs to now.
  profile_id uuid NOT NULL
);
CREATE INDEX identifiers_profile ON resolve.identifiers (profile_id) WHERE profile_id <> identifier_id;
COMMENT ON TABLE resolve.identifiers IS 'Identifiers by keyed hash, and the profile each belongs to.';

CREATE TABLE resolve.links (
  -- Two identifiers; the smaller id first.
  lower_id uuid NOT NULL,
  higher_id uuid NOT NULL,
  lower_type text NOT NULL,
  higher_type text NOT NULL,
  -- One touchpoint carried both.
  seen boolean NOT NULL,
  -- The sender declared them to be one person.
  declared boolean NOT NULL,
  -- Earliest event time, milliseconds since the epoch.
  first_seen_at bigint NOT NULL,
  -- An operator's word: link or split, and where it stands among the decisions of the workspace.
  decision text CHECK (decision IN ('link', 'split')),
  decision_position bigint,
  -- Why it does not join its identifiers; null for a link that does.
  refusal text,
  -- By type, so that those of one type can be passed over where there are too many of them.
  PRIMARY KEY (lower_id, higher_type, higher_id)
);
CREATE INDEX links_higher ON resolve.links (higher_id, lower_type);
CREATE INDEX links_outright_lower ON resolve.links (lower_id) WHERE declared OR decision IS NOT NULL;
CREATE INDEX links_outright_higher ON resolve.links (higher_id) WHERE declared OR decision IS NOT NULL;
COMMENT ON TABLE resolve.links IS 'Identifiers that came together, or that an operator spoke of; refusal says which are quarantined, and why.';

CREATE TABLE resolve.announcements (
  -- The record on the log that caused it.
  topic text NOT NULL,
  log_partition integer NOT NULL,
  log_offset bigint NOT NULL,
  -- Order among those of one record.
  place integer NOT NULL,
  event text NOT NULL,
  key text NOT NULL,
  value jsonb NOT NULL,
  PRIMARY KEY (topic, log_partition, log_offset, place)
);
COMMENT ON TABLE resolve.announcements IS 'Events for the topic identities that were decided and not yet appended; taken in the transaction of the position.';

-- What follows is no result of the log: a counter and a feed for the caches of processes, made anew after a replay.
CREATE TABLE resolve.graph (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  -- Another one after the graph was dropped: caches start anew.
  epoch bigint NOT NULL,
  -- Of the newest change. Follows the clock (microseconds since the epoch), so that it goes on growing where tables are
  -- dropped or restored.
  sequence bigint NOT NULL
);
COMMENT ON TABLE resolve.graph IS 'One row; who holds it writes the graph.';

CREATE TABLE resolve.moves (
  sequence bigint NOT NULL,
  identifier_id uuid NOT NULL,
  profile_id uuid NOT NULL,
  PRIMARY KEY (sequence, identifier_id)
);
COMMENT ON TABLE resolve.moves IS 'Identifiers that came to another profile, for the caches of processes; forgotten after an hour.';
