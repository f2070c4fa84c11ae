-- A replay holds a consumer by an advisory lock of its transaction (libs/runtime/src/replay/sql/hold-consumer.sql), which is
-- gone when the replay is, however it ends. The mark that stood here outlived a replay that was killed.
ALTER TABLE runtime.positions
  DROP COLUMN replaying;
