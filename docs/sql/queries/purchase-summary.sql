-- What models of purchases (BG/NBD, Pareto/NBD, Gamma-Gamma) are fitted to, one row a customer who bought by the day `until`. A purchase is a day
-- with orders: x counts those after the first, t_x is the time from the first to the last, age (T) from the first to `until`, in units of `unit_days`
-- (7: weeks). mean_money leaves out the first; gross, in the reporting currency, and of what a rate converts.
SELECT
    profile_id,
    count() - 1 AS x,
    dateDiff('day', min(day), max(day)) / {unit_days:UInt16} AS t_x,
    dateDiff('day', min(day), {until:Date}) / {unit_days:UInt16} AS age,
    if(x = 0, toDecimal128(0, 4), toDecimal128(divideDecimal(sum(revenue) - argMin(revenue, day), toDecimal128(greatest(x, 1), 0), 4), 4)) AS mean_money
FROM
(
    SELECT profile_id, day, sumIf(amount, is_reported) AS revenue
    FROM customer_money
    WHERE workspace_id = {workspace:String} AND kind = 'order' AND day <= {until:Date}
    GROUP BY profile_id, day
)
GROUP BY profile_id
ORDER BY profile_id
