-- Messages that have left: a projection of delivery-requests, and what makes a delivery happen once.
CREATE SCHEMA deliver;

CREATE TABLE deliver.outbox (
  workspace_id text NOT NULL,
  -- The effect's identity; a second request with it does nothing.
  delivery_id text NOT NULL,
  profile_id text NOT NULL,
  channel text NOT NULL,
  template_id text NOT NULL,
  journey_id text NOT NULL,
  instance_id text NOT NULL,
  step_id text NOT NULL,
  status text NOT NULL CHECK (status IN ('sent', 'failed')),
  -- Why it failed.
  reason text,
  -- Log time of the request, milliseconds since the epoch.
  sent_at bigint NOT NULL,
  subject_id text NOT NULL,
  -- {"to", "subject", "text", "html"} as JSON, sealed under the subject's key and bound to the delivery id; null when the
  -- message could not be made.
  key_id text,
  message bytea,
  PRIMARY KEY (workspace_id, delivery_id)
);
CREATE INDEX outbox_newest ON deliver.outbox (sent_at DESC, delivery_id);
COMMENT ON TABLE deliver.outbox IS 'The embedded outbox: nothing leaves the machine. Contents are sealed.';
