-- What a batch says is stored with what it did, and appended to the log after the commit: a crash in between leaves it here,
-- and whoever goes on appends it. Both are null once it stands on the log.
ALTER TABLE runtime.positions
  ADD COLUMN unappended bytea,
  -- First offset of that batch: what was said of inputs below it stands on the log.
  ADD COLUMN unappended_from bigint;
-- Sealed contents do not shrink; the value lives for milliseconds.
ALTER TABLE runtime.positions
  ALTER COLUMN unappended SET STORAGE EXTERNAL;
