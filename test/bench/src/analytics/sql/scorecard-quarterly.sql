SELECT metric, label, period_start, value, base
FROM scorecard_quarterly
WHERE workspace_id = 'default'
ORDER BY metric, label, period_start
