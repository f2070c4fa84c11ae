-- How many erasures are under way, and up to where any erasure reaches, by "topic/partition".
SELECT
  (SELECT count(*)::int FROM privacy.erasures WHERE cuts IS NULL) AS under_way,
  (
    SELECT coalesce(jsonb_object_agg(place, reach), '{}')
    FROM (
      SELECT place, max(cut::bigint) AS reach
      FROM privacy.erasures, jsonb_each_text(cuts) AS each (place, cut)
      WHERE cuts IS NOT NULL
      GROUP BY place
    ) AS reached
  ) AS reach
