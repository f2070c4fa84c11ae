-- What is bought together: rules of one item on the right (market basket analysis, Apriori).
-- min_baskets, min_confidence: inclusive. Support is baskets / all baskets; lift is confidence / share of baskets with the item.
-- Every level of `sets` adds an item to the sets before it; a set keeps its baskets as a bitmap, so that counting is an AND.
WITH RECURSIVE
    lines AS
    (
        SELECT DISTINCT order_id, product_id AS item
        FROM order_lines
        WHERE product_id != ''
    ),
    numbered AS
    (
        SELECT item, dense_rank() OVER (ORDER BY order_id) AS basket
        FROM lines
    ),
    items AS
    (
        SELECT item, groupBitmapState(toUInt32(basket)) AS baskets
        FROM numbered
        GROUP BY item
        HAVING uniqExact(basket) >= {min_baskets:UInt32}
    ),
    sets AS
    (
        SELECT [item] AS members, baskets
        FROM items
        UNION ALL
        SELECT arrayPushBack(sets.members, items.item) AS members, bitmapAnd(sets.baskets, items.baskets) AS baskets
        FROM sets
        INNER JOIN items ON items.item > sets.members[-1]
        WHERE bitmapAndCardinality(sets.baskets, items.baskets) >= {min_baskets:UInt32}
    ),
    counted AS
    (
        SELECT members, bitmapCardinality(baskets) AS found
        FROM sets
    )
SELECT
    arrayFilter(member -> member != item, whole.members) AS if_bought,
    item AS then_bought,
    whole.found AS baskets,
    whole.found / (SELECT max(basket) FROM numbered) AS support,
    whole.found / part.found AS confidence,
    confidence / (one.found / (SELECT max(basket) FROM numbered)) AS lift
FROM
(
    SELECT members, found, arrayJoin(members) AS item
    FROM counted
    WHERE length(members) > 1
) AS whole
INNER JOIN counted AS part ON part.members = arrayFilter(member -> member != whole.item, whole.members)
INNER JOIN counted AS one ON one.members = [whole.item]
WHERE confidence >= {min_confidence:Float64}
ORDER BY lift DESC, confidence DESC, if_bought, then_bought
