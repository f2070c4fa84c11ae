-- All pairs of a group are suggested: who accepts some of them joins all of it.
ALTER TABLE duplicates.suggestions
  -- Their own evidence would not do: others of their group lead from the one to the other.
  ADD COLUMN by_group boolean NOT NULL DEFAULT false;
