-- Whether any order names a currency other than the one that money is reported in: of most workspaces none does.
SELECT count() AS orders
FROM recorded_orders
WHERE workspace_id = {workspace:String} AND currency NOT IN ('', {currency:String})
