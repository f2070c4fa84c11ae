-- Which of these ids are of people who are being erased.
SELECT person_id, erasure_id
FROM privacy.people_being_erased
WHERE workspace_id = $1 AND person_id = ANY($2::text[])
ORDER BY array_position($2::text[], person_id)
