-- A cart begins with the first product after the last order, and is given up when no order follows its last step within the hours.
CREATE OR REPLACE VIEW abandoned_carts
AS
SELECT
    any_profile AS profile_id,
    fromUnixTimestamp64Milli(cart[1].1, 'UTC') AS began_at,
    fromUnixTimestamp64Milli(last_step, 'UTC') AS last_step_at,
    if(has(cart.3, 'Checkout Started'), 'checkout', 'cart') AS reached,
    toUInt64(countEqual(cart.3, 'Product Added')) AS products_added,
    arraySort(arrayDistinct(arrayFilter(name -> name NOT IN ('', 'Product Viewed', 'Product Added', 'Product Removed', 'Cart Viewed', 'Checkout Started', 'Order Completed'), cart.3))) AS accompanied_by,
    arrayFirst(step -> step.4 != '', cart).4 AS source
FROM
(
    SELECT
        any(timeline.profile_id) AS any_profile,
        arraySort(groupArray((toUnixTimestamp64Milli(timestamp), log_offset, toString(event), toString(campaign_source)))) AS taken,
        toInt64({hours:UInt32}) * 3600000 AS patience,
        arrayMap(
            part -> arraySlice(part, greatest(arrayFirstIndex(step -> step.3 IN ('Product Added', 'Checkout Started'), part), 1)),
            arraySplit((step, order_before) -> order_before, taken, arrayPushFront(arrayPopBack(arrayMap(step -> step.3 = 'Order Completed', taken)), false))
        ) AS carts
    FROM timeline
    WHERE workspace_id = {workspace:String}
        AND type IN ('page', 'screen', 'track')
        AND timestamp >= {from:DateTime64(3, 'UTC')}
        AND timestamp < {to:DateTime64(3, 'UTC')}
    GROUP BY person_key
    HAVING countIf(event IN ('Product Added', 'Checkout Started')) > 0
)
ARRAY JOIN carts AS cart
WHERE cart[1].3 IN ('Product Added', 'Checkout Started')
    AND (arrayLast(step -> step.3 IN ('Product Added', 'Checkout Started'), cart).1 AS last_step) + patience < if(cart[-1].3 = 'Order Completed', cart[-1].1, toUnixTimestamp64Milli({to:DateTime64(3, 'UTC')}))
COMMENT 'One row a cart. Carts and checkouts that were given up, with what else happened meanwhile (a failed payment, a refused coupon, a ticket). Parameters: workspace, hours (of patience), from, to'
