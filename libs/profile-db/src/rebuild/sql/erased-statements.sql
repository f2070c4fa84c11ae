-- What removes from schema $2 the rows of erased profiles that schema $1 has none of. A profile that others were linked with and
-- split from is named by what the log says of these, which makes a row of it again; erasing removed that row.
SELECT format(
  'DELETE FROM %I.%I AS built USING privacy.erased_people AS erased
   WHERE erased.workspace_id = built.workspace_id AND erased.person_id = built.profile_id::text
     AND NOT EXISTS (
       SELECT FROM %I.%I AS live WHERE live.workspace_id = built.workspace_id AND live.profile_id = built.profile_id
     )',
  $2::text, relation.relname, $1::text, relation.relname
) AS statement
FROM pg_class AS relation
WHERE relation.relnamespace = to_regnamespace($2::text)
  AND relation.relkind = 'r'
  AND 2 = (
    SELECT count(*)
    FROM pg_attribute AS attribute
    WHERE attribute.attrelid = relation.oid
      AND attribute.attname IN ('workspace_id', 'profile_id')
      AND NOT attribute.attisdropped
  )
ORDER BY relation.relname;
