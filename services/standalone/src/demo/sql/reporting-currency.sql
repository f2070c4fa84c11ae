-- In which currency the plain views report.
SELECT reporting_currency AS currency FROM workspace_settings WHERE is_default
