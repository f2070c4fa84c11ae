-- A customer lapses lapse_days after an order that no other followed by then, and is won back by the next order.
CREATE OR REPLACE VIEW winback_monthly
AS
SELECT
    workspace_id,
    month,
    toUInt64(sum(gone)) AS lapsed,
    toUInt64(sum(back)) AS won_back,
    toUInt64(sum(toInt64(sum(gone)) - toInt64(sum(back))) OVER (PARTITION BY workspace_id ORDER BY month ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)) AS lapsed_at_end,
    if(lapsed_at_end + won_back = 0, 0, won_back / (lapsed_at_end + won_back)) AS reactivation_rate
FROM
(
    SELECT
        workspace_id,
        toStartOfMonth(change.1) AS month,
        change.2 AS gone,
        change.3 AS back
    FROM
    (
        SELECT
            any(order_facts.workspace_id) AS workspace_id,
            arraySort(groupUniqArray(day)) AS purchase_days,
            greatest((SELECT mapFromArrays(groupArray(workspace_id), groupArray(lapse_days)) FROM workspace_zones)[toString(workspace_id)], 1) AS patience,
            max(max(day)) OVER (PARTITION BY workspace_id) AS last_day,
            arrayFilter(
                i -> toInt64(if(i = length(purchase_days), last_day, purchase_days[i + 1])) - toInt64(purchase_days[i]) > patience,
                arrayEnumerate(purchase_days)
            ) AS lapses,
            arrayConcat(
                arrayMap(i -> (addDays(purchase_days[i], patience), 1, 0), lapses),
                arrayMap(i -> (purchase_days[i + 1], 0, 1), arrayFilter(i -> i < length(purchase_days), lapses))
            ) AS changes
        FROM order_facts
        WHERE kind = 'order' AND person_key NOT IN (SELECT person_key FROM guest_customers)
        GROUP BY person_key
    )
    ARRAY JOIN changes AS change
)
GROUP BY workspace_id, month
COMMENT 'One row a month. Customers who lapsed and who came back, by month; the rate is of those who were lapsed'
