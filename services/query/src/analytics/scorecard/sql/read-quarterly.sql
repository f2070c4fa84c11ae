SELECT metric, label, period_start AS start, value, base
FROM scorecard_quarterly
WHERE workspace_id = {workspace:String}
ORDER BY metric, label, start
