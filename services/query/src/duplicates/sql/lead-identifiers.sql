-- A profile has the id of one of its identifiers, which stands for it. Nobody who is being erased is found.
SELECT identifier_id::text AS identifier_id, identifier_type, identifier_hash
FROM resolve.identifiers AS identifiers
WHERE workspace_id = $1 AND identifier_id = ANY ($2::uuid[])
  AND NOT EXISTS (
    SELECT FROM privacy.people_being_erased AS erased
    WHERE erased.workspace_id = $1 AND erased.person_id = identifiers.identifier_id::text
  )
