-- What puts the rows of schema $2 in the place of those of schema $1. A row that came out the same, byte by byte, stays as it is:
-- mostly all of them do, and writing them again would cost more than building them did. Others are deleted, not truncated, so
-- that whoever reads meanwhile sees what was there until all of it is replaced. Without a primary key all rows are replaced.
WITH tables AS (
  SELECT
    relation.oid,
    relation.relname,
    string_agg(quote_ident(attribute.attname), ', ' ORDER BY attribute.attnum)
      FILTER (WHERE attribute.attgenerated = '') AS columns,
    string_agg('built.' || quote_ident(attribute.attname), ', ' ORDER BY attribute.attnum)
      FILTER (WHERE attribute.attgenerated = '') AS built_columns,
    string_agg('known.' || quote_ident(attribute.attname), ', ' ORDER BY attribute.attnum)
      FILTER (WHERE attribute.attgenerated = '') AS known_columns,
    coalesce(
      string_agg(format('built.%1$I = known.%1$I', attribute.attname), ' AND ' ORDER BY attribute.attnum)
        FILTER (WHERE attribute.attnum = ANY (primary_key.indkey)),
      'false'
    ) AS same_key
  FROM pg_class AS relation
  JOIN pg_attribute AS attribute ON attribute.attrelid = relation.oid
  LEFT JOIN pg_index AS primary_key ON primary_key.indrelid = relation.oid AND primary_key.indisprimary
  WHERE relation.relnamespace = to_regnamespace($1::text)
    AND relation.relkind IN ('r', 'p')
    AND NOT relation.relispartition
    AND attribute.attnum > 0
    AND NOT attribute.attisdropped
  GROUP BY relation.oid, relation.relname
),

statements (place, statement) AS (
  SELECT 1, format(
    'DELETE FROM %I.%I AS known WHERE NOT EXISTS (SELECT FROM %I.%I AS built WHERE %s AND record_image_eq(ROW(%s), ROW(%s)))',
    $1::text, relname, $2::text, relname, same_key, built_columns, known_columns
  )
  FROM tables

  UNION ALL

  SELECT 2, format(
    'INSERT INTO %I.%I (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %I.%I AS built WHERE NOT EXISTS (SELECT FROM %I.%I AS known WHERE %s)',
    $1::text, relname, columns, columns, $2::text, relname, $1::text, relname, same_key
  )
  FROM tables

  UNION ALL

  -- A number that was given out is never given again.
  SELECT 3, format(
    'SELECT setval(%L, greatest(coalesce(pg_sequence_last_value(%L), 1), (SELECT coalesce(max(%I), 1) FROM %I.%I)))',
    pg_get_serial_sequence(format('%I.%I', $1::text, relname), attname),
    pg_get_serial_sequence(format('%I.%I', $1::text, relname), attname),
    attname, $2::text, relname
  )
  FROM tables
  JOIN pg_attribute AS attribute ON attribute.attrelid = tables.oid AND attribute.attidentity <> ''

  UNION ALL

  SELECT 4, format(
    'SELECT setval(%L, greatest(coalesce(pg_sequence_last_value(%L), 1), (SELECT last_value FROM %I.%I)))',
    format('%I.%I', $1::text, relation.relname), format('%I.%I', $1::text, relation.relname), $2::text, relation.relname
  )
  FROM pg_class AS relation
  WHERE relation.relnamespace = to_regnamespace($1::text)
    AND relation.relkind = 'S'
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = relation.oid AND deptype = 'i')
)

SELECT statement
FROM statements
ORDER BY place, statement;
