-- Columns that say whom a row is about, of every table that Rapport keeps.
SELECT columns.table_schema AS schema, columns.table_name AS table, columns.column_name AS column, columns.udt_name AS type
FROM information_schema.columns
JOIN information_schema.tables USING (table_schema, table_name)
WHERE tables.table_type = 'BASE TABLE'
  AND columns.table_schema NOT IN ('pg_catalog', 'information_schema', 'public', 'privacy', 'audit')
  AND columns.udt_name IN ('uuid', 'text', 'varchar', '_uuid', '_text')
  AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_inherits
    WHERE inhrelid = format('%I.%I', columns.table_schema, columns.table_name)::regclass
  )
ORDER BY columns.table_schema, columns.table_name, columns.ordinal_position
