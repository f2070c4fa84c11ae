-- An answer comes from the review itself (answered_at) or from Review Answered {review_id}, whichever is first. CSAT is the share of 4 and 5
-- stars with its 95% Wilson interval. The rate is reviews of orders of the period, whenever they came, over those orders.
CREATE OR REPLACE VIEW review_feedback
AS
SELECT
    reviewed.reviews AS reviews,
    reviewed.average_rating AS average_rating,
    reviewed.satisfied AS satisfied,
    if(reviews = 0, NULL, satisfied / reviews) AS csat,
    if(reviews = 0, NULL, (csat + 3.841458820694124 / (2 * reviews) - 1.959963984540054 * sqrt(csat * (1 - csat) / reviews + 3.841458820694124 / (4 * reviews * reviews))) / (1 + 3.841458820694124 / reviews)) AS csat_lower,
    if(reviews = 0, NULL, (csat + 3.841458820694124 / (2 * reviews) + 1.959963984540054 * sqrt(csat * (1 - csat) / reviews + 3.841458820694124 / (4 * reviews * reviews))) / (1 + 3.841458820694124 / reviews)) AS csat_upper,
    reviewed.answered AS answered,
    reviewed.median_hours_to_answer AS median_hours_to_answer,
    sold.orders AS orders,
    sold.reviewed_orders AS reviewed_orders,
    if(orders = 0, NULL, reviewed_orders / orders) AS review_rate
FROM
(
    SELECT
        count() AS reviews,
        if(reviews = 0, NULL, avg(review.rating)) AS average_rating,
        countIf(review.rating >= 4) AS satisfied,
        countIf(first_answer IS NOT NULL) AS answered,
        if(answered = 0, NULL, quantileExactInclusiveIf(0.5)(dateDiff('second', review.reviewed_at, ifNull(first_answer, review.reviewed_at)) / 3600, first_answer IS NOT NULL)) AS median_hours_to_answer
    FROM
    (
        SELECT given.rating AS rating, given.reviewed_at AS reviewed_at, least(given.answered_at, nullIf(reply.answered_at, toDateTime64(0, 3, 'UTC'))) AS first_answer
        FROM reviews AS given
        LEFT ANY JOIN
        (
            SELECT JSONExtractString(properties, 'review_id') AS review_id, min(timestamp) AS answered_at
            FROM touchpoints
            WHERE workspace_id = {workspace:String} AND type = 'track' AND event = 'Review Answered'
            GROUP BY review_id
        ) AS reply ON reply.review_id = given.review_id
        WHERE given.workspace_id = {workspace:String}
            AND given.reviewed_at >= {from:DateTime64(3, 'UTC')}
            AND given.reviewed_at < {to:DateTime64(3, 'UTC')}
    ) AS review
) AS reviewed
CROSS JOIN
(
    SELECT count() AS orders, countIf(order_id IN (SELECT order_id FROM reviews WHERE workspace_id = {workspace:String})) AS reviewed_orders
    FROM orders
    WHERE workspace_id = {workspace:String}
        AND ordered_at >= {from:DateTime64(3, 'UTC')}
        AND ordered_at < {to:DateTime64(3, 'UTC')}
) AS sold
COMMENT 'One row in all. Reviews of a period: number, average, CSAT, how soon they were answered; and how many orders of the period were reviewed. Parameters: workspace, from, to'
