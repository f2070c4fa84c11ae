INSERT INTO duplicates.searches (workspace_id, started_at, finished_at, profiles, candidates, suggestions, needed_bits)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (workspace_id) DO UPDATE SET
  started_at = excluded.started_at,
  finished_at = excluded.finished_at,
  profiles = excluded.profiles,
  candidates = excluded.candidates,
  suggestions = excluded.suggestions,
  needed_bits = excluded.needed_bits
