-- Inputs and results of scoring: a projection of profile-touchpoints, identities and timers.
CREATE SCHEMA score;

CREATE TABLE score.purchases (
  workspace_id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('order', 'refund')),
  -- The order's id, or the message's where there is none; of several the newest by event time counts.
  purchase_id text NOT NULL,
  -- The order a refund belongs to.
  order_id text NOT NULL,
  -- As it was when the touchpoint came; merges are followed when scores are computed.
  profile_id text NOT NULL,
  -- Event time, arrival and log position: which of two with one id is the newer.
  happened_at bigint NOT NULL,
  received_at bigint NOT NULL,
  log_partition integer NOT NULL,
  log_offset bigint NOT NULL,
  -- Null where none was given: an order of nothing, a refund of the whole order.
  amount numeric,
  currency text NOT NULL,
  PRIMARY KEY (workspace_id, kind, purchase_id)
);
COMMENT ON TABLE score.purchases IS 'Orders and refunds, one row each.';

CREATE TABLE score.survivors (
  workspace_id text NOT NULL,
  profile_id text NOT NULL,
  survivor_id text NOT NULL,
  PRIMARY KEY (workspace_id, profile_id)
);
COMMENT ON TABLE score.survivors IS 'Which profile another was merged into; chains are followed when scores are computed.';

CREATE TABLE score.recomputations (
  workspace_id text NOT NULL,
  score_id text NOT NULL,
  -- When the pending timer is due; null when nothing changed since the last computation.
  due_at bigint,
  PRIMARY KEY (workspace_id, score_id)
);

CREATE TABLE score.scores (
  workspace_id text NOT NULL,
  score_id text NOT NULL,
  profile_id text NOT NULL,
  recency smallint NOT NULL,
  frequency smallint NOT NULL,
  monetary smallint NOT NULL,
  computed_at bigint NOT NULL,
  cause_id text NOT NULL,
  -- Whether this value stands on the log.
  announced boolean NOT NULL,
  PRIMARY KEY (workspace_id, score_id, profile_id)
);
CREATE INDEX scores_unannounced ON score.scores (workspace_id, score_id, profile_id) WHERE NOT announced;
COMMENT ON TABLE score.scores IS 'Newest score of every customer.';
