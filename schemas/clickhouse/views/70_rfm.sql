-- How equal values are cut into fifths is a convention, and the figures differ by it:
-- quantile-plus-one  as the R package rfm: a value counts as lower while it is below the quantile plus 1
-- quantile           a value that equals the quantile stays in the lower fifth
-- ntile              fifths of equal size, SQL's NTILE; equal values are told apart by profile_id
-- Quantiles interpolate between values (type 7). Days are those of the workspace. Money that no rate converts counts as none.
CREATE OR REPLACE VIEW rfm
AS
WITH
    {ties:String} AS convention,
    customers AS
    (
        SELECT
            any(customer_money.workspace_id) AS workspace_id,
            any(customer_money.profile_id) AS profile_id,
            dateDiff('day', max(customer_money.day), {as_of:Date}) AS recency_days,
            count() AS frequency,
            sumIf(amount, is_reported) AS monetary
        FROM customer_money
        WHERE kind = 'order' AND customer_money.day < {as_of:Date}
        GROUP BY person_key
    ),
    edges AS
    (
        SELECT
            workspace_id,
            quantilesExactInclusive(0.2, 0.4, 0.6, 0.8)(recency_days) AS recency_edges,
            quantilesExactInclusive(0.2, 0.4, 0.6, 0.8)(frequency) AS frequency_edges,
            quantilesExactInclusive(0.2, 0.4, 0.6, 0.8)(toFloat64(monetary)) AS monetary_edges
        FROM customers
        GROUP BY workspace_id
    )
SELECT
    customers.workspace_id AS workspace_id,
    customers.profile_id AS profile_id,
    customers.recency_days AS recency_days,
    customers.frequency AS frequency,
    customers.monetary AS monetary,
    toUInt8(multiIf(
        convention = 'ntile', 6 - ntile(5) OVER (PARTITION BY customers.workspace_id ORDER BY customers.recency_days, customers.profile_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING),
        convention = 'quantile', 5 - arrayCount(edge -> customers.recency_days > edge, edges.recency_edges),
        5 - arrayCount(edge -> customers.recency_days >= edge + 1, edges.recency_edges)
    )) AS recency_score,
    toUInt8(multiIf(
        convention = 'ntile', ntile(5) OVER (PARTITION BY customers.workspace_id ORDER BY customers.frequency, customers.profile_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING),
        convention = 'quantile', 1 + arrayCount(edge -> customers.frequency > edge, edges.frequency_edges),
        1 + arrayCount(edge -> customers.frequency >= edge + 1, edges.frequency_edges)
    )) AS frequency_score,
    toUInt8(multiIf(
        convention = 'ntile', ntile(5) OVER (PARTITION BY customers.workspace_id ORDER BY customers.monetary, customers.profile_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING),
        convention = 'quantile', 1 + arrayCount(edge -> toFloat64(customers.monetary) > edge, edges.monetary_edges),
        1 + arrayCount(edge -> toFloat64(customers.monetary) >= edge + 1, edges.monetary_edges)
    )) AS monetary_score,
    toUInt16(100 * recency_score + 10 * frequency_score + monetary_score) AS rfm_score
FROM customers
INNER JOIN edges ON edges.workspace_id = customers.workspace_id
WHERE convention IN ('quantile-plus-one', 'quantile', 'ntile')
    OR throwIf(1, 'ties must be quantile-plus-one, quantile or ntile') = 0
COMMENT 'One row a customer. Recency, frequency and monetary value of every customer before a day, scored 1 to 5 (5 best): rfm(as_of = ''2010-12-10'', ties = ''quantile-plus-one'')'
