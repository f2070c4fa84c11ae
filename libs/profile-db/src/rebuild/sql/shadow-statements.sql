-- What makes schema $2 a copy of schema $1, empty and outside the write-ahead log: a rebuild that is cut off starts anew.
WITH live AS (
  SELECT relation.oid, relation.relname, relation.relkind
  FROM pg_class AS relation
  WHERE relation.relnamespace = to_regnamespace($1::text)
    AND NOT relation.relispartition
),

statements (place, statement) AS (
  SELECT 1, format('CREATE SCHEMA %I', $2::text)

  UNION ALL

  -- Sequences of identity columns come with their table.
  SELECT 2, format('CREATE SEQUENCE %I.%I', $2::text, relname)
  FROM live
  WHERE relkind = 'S'
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = live.oid AND deptype = 'i')

  UNION ALL

  SELECT 3, format('CREATE UNLOGGED TABLE %I.%I (LIKE %I.%I INCLUDING ALL EXCLUDING COMMENTS)', $2::text, relname, $1::text, relname)
  FROM live
  WHERE relkind IN ('r', 'p')

  UNION ALL

  SELECT 4, format('CREATE VIEW %I.%I AS %s', $2::text, relname, regexp_replace(pg_get_viewdef(oid), '\m' || $1::text || '\.', $2::text || '.', 'g'))
  FROM live
  WHERE relkind = 'v'
)

SELECT statement
FROM statements
ORDER BY place, statement;
