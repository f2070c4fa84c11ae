SELECT metric, label, period_start, value, base
FROM scorecard_weekly
WHERE workspace_id = 'default'
ORDER BY metric, label, period_start
