-- Kaplan and Meier 1958: of those still waiting after so many days, how many order that day; the product of what remains. Who has
-- not ordered again by the last day of the workspace is censored then. The standard error is Greenwood's.
CREATE OR REPLACE VIEW repurchase_survival
AS
SELECT
    days,
    at_risk,
    purchased,
    censored,
    exp(sum(if(purchased = at_risk, -1e6, log1p(-purchased / at_risk))) OVER so_far) AS waiting,
    1 - waiting AS purchased_again,
    waiting * sqrt(sum(if(purchased = at_risk, 0, purchased / (at_risk * (at_risk - purchased)))) OVER so_far) AS standard_error
FROM
(
    SELECT
        days,
        toUInt64(countIf(is_purchase)) AS purchased,
        toUInt64(countIf(NOT is_purchase)) AS censored,
        toUInt64(sum(count()) OVER (ORDER BY days ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)) AS at_risk
    FROM
    (
        SELECT
            arrayJoin(
                arrayMap(
                    i -> (
                        toInt64(if(i = length(purchase_days), last_day, purchase_days[i + 1])) - toInt64(purchase_days[i]),
                        i < length(purchase_days)
                    ),
                    arrayFilter(i -> {after_purchase:UInt16} = 0 OR i = {after_purchase:UInt16}, arrayEnumerate(purchase_days))
                )
            ) AS gap,
            toUInt32(gap.1) AS days,
            gap.2 AS is_purchase
        FROM
        (
            SELECT
                arraySort(groupUniqArray(day)) AS purchase_days,
                (SELECT max(day) FROM order_facts WHERE workspace_id = {workspace:String} AND kind = 'order') AS last_day
            FROM order_facts
            WHERE workspace_id = {workspace:String} AND kind = 'order' AND person_key NOT IN (SELECT person_key FROM guest_customers)
            GROUP BY person_key
            HAVING {single_purchases:UInt8} = 1 OR length(purchase_days) > 1
        )
    )
    GROUP BY days
)
WINDOW so_far AS (ORDER BY days ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
ORDER BY days
COMMENT 'One row a number of days, in order. Time from a purchase day to the next as a survival curve. Parameters: workspace, after_purchase (1: from the first to the second, and so on; 0: all), single_purchases (0 leaves out customers with orders on one day only)'
