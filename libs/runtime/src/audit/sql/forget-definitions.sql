DELETE FROM audit.definitions WHERE file = ANY($1)
