-- Where every consumer stands, stored in the same transaction as what it did. A consumer whose expectation does not match
-- its row has been fenced: somebody else went on.
CREATE SCHEMA runtime;

CREATE TABLE runtime.positions (
  consumer text NOT NULL,
  topic text NOT NULL,
  partition integer NOT NULL,
  -- Next offset to handle.
  position bigint NOT NULL DEFAULT 0,
  -- Outputs computed from inputs below this offset are on the log already; a replay appends nothing below it.
  emitted bigint NOT NULL DEFAULT 0,
  -- Highest [offset, sequence] seen of each "producer topic partition" that computed this topic's records.
  origins jsonb NOT NULL DEFAULT '{}',
  -- End of the batch about to be applied to a store outside PostgreSQL; the batch is cut at the same place after a crash.
  planned_until bigint,
  -- Set while a replay rebuilds this consumer: live members wait.
  replaying boolean NOT NULL DEFAULT false,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (consumer, topic, partition)
);
COMMENT ON TABLE runtime.positions IS 'Position of every consumer on every partition, committed together with its effect.';

CREATE TABLE runtime.timers (
  owner text NOT NULL,
  timer_id text NOT NULL,
  workspace_id text NOT NULL,
  profile_id text,
  purpose text NOT NULL,
  -- Milliseconds since the epoch.
  due_at bigint NOT NULL,
  PRIMARY KEY (owner, timer_id)
);
CREATE INDEX timers_due ON runtime.timers (owner, due_at);
COMMENT ON TABLE runtime.timers IS 'Timers that have not fallen due; one that does becomes a timer-fired record on the log.';
