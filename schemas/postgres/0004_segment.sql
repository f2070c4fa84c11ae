-- What segmentation remembers of every person who did something that a segment asks for: a projection of
-- profile-touchpoints, identities and timers.
CREATE SCHEMA segment;

CREATE TABLE segment.people (
  workspace_id text NOT NULL,
  profile_id text NOT NULL,
  -- The profile this one was merged into; its memory has moved there.
  survivor_id text,
  -- Latest log time seen, milliseconds since the epoch; it never goes back.
  clock bigint NOT NULL DEFAULT 0,
  -- By event: {"count", "firstAt", "lastAt"}, event times in milliseconds.
  conditions jsonb NOT NULL DEFAULT '{}',
  -- Ids of the segments the person is in, sorted.
  memberships text[] NOT NULL DEFAULT '{}',
  -- When the pending timer of a segment is due, by segment id.
  timers jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (workspace_id, profile_id)
) WITH (fillfactor = 80);
COMMENT ON TABLE segment.people IS 'Condition state and memberships of a person; small rows without personal data.';

CREATE VIEW segment.memberships AS
SELECT workspace_id, unnest(memberships) AS segment_id, profile_id
FROM segment.people
WHERE survivor_id IS NULL;
COMMENT ON VIEW segment.memberships IS 'Who is in which segment now.';
