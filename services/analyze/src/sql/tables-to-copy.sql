-- How the tables named, and the views that fill them from each other, were made.
SELECT create_table_query AS statement, name, engine = 'MaterializedView' AS is_view
FROM system.tables
WHERE database = {database:String}
  AND (has({tables:Array(String)}, name) OR engine = 'MaterializedView')
ORDER BY name
