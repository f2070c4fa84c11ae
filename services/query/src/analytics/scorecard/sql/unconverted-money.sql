-- Orders less refunds of these days that no exchange rate turns into the reporting currency.
SELECT currency, countIf(kind = 'order') AS orders, sum(amount) AS amount
FROM money_rows
WHERE workspace_id = {workspace:String} AND NOT is_reported AND day >= {start:Date32} AND day < {end:Date32}
GROUP BY currency
ORDER BY orders DESC, currency
