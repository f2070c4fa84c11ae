SELECT model, label, conversions
FROM attribution(workspace = 'default', conversion = 'Order Completed', from = '2024-01-01 00:00:00', to = '2027-01-01 00:00:00', lookback_seconds = 2592000, restart = 1, by = 'channel', half_life_hours = 168)
ORDER BY model, label
