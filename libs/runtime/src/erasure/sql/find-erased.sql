-- Up to which offset of one partition the records of these people are erased; without an end while the erasure is under way.
SELECT
  person.workspace_id,
  person.person_id,
  max(CASE WHEN erasure.cuts IS NULL THEN 9007199254740991 ELSE coalesce((erasure.cuts ->> $3)::bigint, 0) END) AS cut
FROM unnest($1::text[], $2::text[]) AS asked (workspace_id, person_id)
JOIN privacy.erased_people AS person USING (workspace_id, person_id)
JOIN privacy.erasures AS erasure USING (erasure_id)
GROUP BY person.workspace_id, person.person_id
