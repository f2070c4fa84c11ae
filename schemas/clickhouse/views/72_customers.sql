CREATE OR REPLACE VIEW customers
AS
SELECT
    bought.workspace_id AS workspace_id,
    bought.profile_id AS profile_id,
    bought.person_key AS person_key,
    bought.first_order_at AS first_order_at,
    bought.first_order_on AS first_order_on,
    bought.last_order_at AS last_order_at,
    bought.last_order_on AS last_order_on,
    bought.order_count AS order_count,
    bought.order_days AS order_days,
    bought.first_product AS first_product,
    bought.first_offer AS first_offer,
    seen.acquisition_source AS source,
    seen.acquisition_medium AS medium,
    seen.acquisition_campaign AS campaign,
    toDecimal128(ifNull(paid.net_revenue, 0), 4) AS net_revenue
FROM
(
    SELECT
        any(order_facts.workspace_id) AS workspace_id,
        any(order_facts.profile_id) AS profile_id,
        person_key,
        min(timestamp) AS first_order_at,
        min(day) AS first_order_on,
        max(timestamp) AS last_order_at,
        max(day) AS last_order_on,
        count() AS order_count,
        uniqExact(day) AS order_days,
        argMin(if(product_ids[1] = '', product_names[1], product_ids[1]), timestamp) AS first_product,
        argMin(toString(coupon), timestamp) AS first_offer
    FROM order_facts
    WHERE kind = 'order' AND person_key NOT IN (SELECT person_key FROM guest_customers)
    GROUP BY person_key
) AS bought
LEFT ANY JOIN people_seen AS seen ON seen.person_key = bought.person_key
LEFT ANY JOIN
(
    SELECT person_key, sumIf(amount, is_reported) AS net_revenue
    FROM money_moves
    GROUP BY person_key
) AS paid ON paid.person_key = bought.person_key
COMMENT 'One row a person with an order: the first and last one, what brought and bound the person, money in the reporting currency'
