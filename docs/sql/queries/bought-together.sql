-- What is bought together with one product, most often first.
WITH
    lines AS
    (
        SELECT DISTINCT order_id, product_id AS item
        FROM order_lines
        WHERE product_id != ''
    ),
    (SELECT uniqExact(order_id) FROM lines) AS all_baskets,
    (SELECT count() FROM lines WHERE item = {item:String}) AS baskets_with_it
SELECT
    lines.item AS item,
    countIf(lines.order_id IN (SELECT order_id FROM lines WHERE item = {item:String})) AS baskets,
    baskets / all_baskets AS support,
    baskets / count() AS share_of_its_baskets,
    share_of_its_baskets / (baskets_with_it / all_baskets) AS lift
FROM lines
WHERE lines.item != {item:String}
GROUP BY item
HAVING baskets > 0
ORDER BY baskets DESC, item
LIMIT {most:UInt32}
