SELECT metric, toString(period_start), toInt64(base), round(if(metric = 'net-revenue', value, ifNull(value, 0) * base), 2)
FROM scorecard_monthly
WHERE workspace_id = 'default' AND metric IN ('retention', 'returning-customers', 'net-revenue')
ORDER BY metric, period_start
