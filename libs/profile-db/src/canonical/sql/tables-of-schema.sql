-- Tables of schema $1 with what a canonical export needs: the columns, and the primary key to order by.
SELECT
  relation.relname AS name,
  string_agg(quote_ident(attribute.attname), ', ' ORDER BY attribute.attnum) AS columns,
  (
    SELECT string_agg(
      quote_ident(part.attname) || CASE WHEN part.attcollation <> 0 THEN ' COLLATE "C"' ELSE '' END, ', ' ORDER BY place
    )
    FROM pg_index AS key
    CROSS JOIN LATERAL unnest(key.indkey::smallint[]) WITH ORDINALITY AS keyed (attnum, place)
    JOIN pg_attribute AS part ON part.attrelid = key.indrelid AND part.attnum = keyed.attnum
    WHERE key.indrelid = relation.oid
      AND key.indisprimary
  ) AS key
FROM pg_class AS relation
JOIN pg_attribute AS attribute ON attribute.attrelid = relation.oid
WHERE relation.relnamespace = to_regnamespace($1::text)
  AND relation.relkind IN ('r', 'p')
  AND NOT relation.relispartition
  AND attribute.attnum > 0
  AND NOT attribute.attisdropped
GROUP BY relation.oid, relation.relname
ORDER BY relation.relname;
