-- What the journeys remember of every person: a projection of profile-touchpoints, identities, memberships, consents and
-- timers.
CREATE SCHEMA orchestrate;

CREATE TABLE orchestrate.people (
  workspace_id text NOT NULL,
  profile_id text NOT NULL,
  -- The profile this one was merged into; its memory has moved there.
  survivor_id text,
  -- Latest log time seen, milliseconds since the epoch; it never goes back.
  clock bigint NOT NULL DEFAULT 0,
  -- {"lastEventAt", "consents", "instances"}, see libs/journeys/src/person.ts.
  memory jsonb NOT NULL DEFAULT '{"lastEventAt": {}, "consents": {}, "instances": []}',
  -- The newest touchpoint that told an email address, still sealed under its subject's key: once that key is erased,
  -- nothing here can be read any more. {"subjectId", "keyId", "messageId", "timestamp", "receivedAt", "content" in base64}
  contact jsonb,
  PRIMARY KEY (workspace_id, profile_id)
) WITH (fillfactor = 80);
COMMENT ON TABLE orchestrate.people IS 'Journey passages, consents and a sealed contact of a person.';

CREATE VIEW orchestrate.instances AS
SELECT
  workspace_id,
  profile_id,
  instance ->> 'instanceId' AS instance_id,
  instance ->> 'journeyId' AS journey_id,
  (instance ->> 'version')::integer AS journey_version,
  instance ->> 'status' AS status,
  to_timestamp((instance ->> 'enteredFor')::bigint / 1000.0) AS entered_for,
  instance #>> '{waiting,stepId}' AS waiting_at,
  to_timestamp((instance #>> '{waiting,dueAt}')::bigint / 1000.0) AS due_at
FROM orchestrate.people
CROSS JOIN LATERAL jsonb_array_elements(memory -> 'instances') AS instance
WHERE survivor_id IS NULL;
COMMENT ON VIEW orchestrate.instances IS 'Passages of people through journeys, one row each.';
