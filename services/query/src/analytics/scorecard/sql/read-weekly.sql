SELECT metric, label, period_start AS start, value, base
FROM scorecard_weekly
WHERE workspace_id = {workspace:String}
ORDER BY metric, label, start
