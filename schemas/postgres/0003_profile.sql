-- The single customer view: one row a person, one row an order.
CREATE SCHEMA profile;

CREATE TABLE profile.profiles (
  workspace_id text NOT NULL,
  profile_id uuid NOT NULL,
  -- Set once this profile was merged: the one it lives on in, which may be merged itself. The rest of the row is empty then.
  survivor_id uuid,
  -- Event times of the earliest and latest touchpoint.
  first_seen_at timestamptz,
  last_seen_at timestamptz,
  traits jsonb NOT NULL DEFAULT '{}',
  -- By trait, when it was said: [timestamp, receivedAt, partition, offset], milliseconds and position on touchpoints.
  -- Kept as text, like the touchpoints below: read whole and written often, it costs a third of jsonb.
  trait_stamps json NOT NULL DEFAULT '{}',
  -- By type, newest first: [value, event time it was last seen at in milliseconds].
  identifiers jsonb NOT NULL DEFAULT '{}',
  -- Newest first: [[timestamp, receivedAt, partition, offset], type, event]; the rest stands on the log at that position.
  recent_touchpoints json NOT NULL DEFAULT '[]',
  -- By "purpose/channel".
  consents jsonb NOT NULL DEFAULT '{}',
  -- By segment.
  memberships jsonb NOT NULL DEFAULT '{}',
  -- By score.
  scores jsonb NOT NULL DEFAULT '{}',
  -- Newest first.
  recent_deliveries jsonb NOT NULL DEFAULT '[]',
  PRIMARY KEY (workspace_id, profile_id)
)
PARTITION BY HASH (profile_id);
COMMENT ON TABLE profile.profiles IS 'What is known of each person.';

-- Room on each page lets an update stay on it, without touching an index.
CREATE TABLE profile.profiles_0 PARTITION OF profile.profiles FOR VALUES WITH (MODULUS 4, REMAINDER 0) WITH (fillfactor = 70);
CREATE TABLE profile.profiles_1 PARTITION OF profile.profiles FOR VALUES WITH (MODULUS 4, REMAINDER 1) WITH (fillfactor = 70);
CREATE TABLE profile.profiles_2 PARTITION OF profile.profiles FOR VALUES WITH (MODULUS 4, REMAINDER 2) WITH (fillfactor = 70);
CREATE TABLE profile.profiles_3 PARTITION OF profile.profiles FOR VALUES WITH (MODULUS 4, REMAINDER 3) WITH (fillfactor = 70);

-- Addresses are found whatever their case.
CREATE INDEX profiles_email ON profile.profiles (workspace_id, lower(traits ->> 'email'));

CREATE TABLE profile.orders (
  workspace_id text NOT NULL,
  profile_id uuid NOT NULL,
  order_id text NOT NULL,
  -- Event time of the completion; null while only a refund is known.
  ordered_at timestamptz,
  currency text NOT NULL,
  amount numeric NOT NULL,
  refunded numeric NOT NULL,
  -- What the figures are computed from: {"at": [timestamp, receivedAt, partition, offset], "amount", "currency"}.
  completed jsonb,
  refunds jsonb NOT NULL DEFAULT '[]',
  PRIMARY KEY (workspace_id, profile_id, order_id)
);
COMMENT ON TABLE profile.orders IS 'Orders by person, refunds apart.';

CREATE VIEW profile.revenue AS
SELECT
  workspace_id,
  profile_id,
  currency,
  count(*) FILTER (WHERE ordered_at IS NOT NULL) AS orders,
  sum(amount) AS gross_revenue,
  sum(refunded) AS refunded,
  sum(amount - refunded) AS revenue,
  min(ordered_at) AS first_order_at,
  max(ordered_at) AS last_order_at
FROM profile.orders
GROUP BY workspace_id, profile_id, currency;
COMMENT ON VIEW profile.revenue IS 'Orders and revenue by person and currency; revenue is net of refunds.';
