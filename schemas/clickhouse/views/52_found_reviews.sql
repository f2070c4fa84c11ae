-- PREWHERE: the JSON of other events must not be parsed. Left to itself ClickHouse may test JSON first, or what a join asks for.
CREATE OR REPLACE VIEW found_reviews
AS
SELECT
    workspace_id,
    lone_profile_id,
    timestamp AS reviewed_at,
    coalesce(nullIf(JSONExtractString(properties, 'review_id'), ''), message_id) AS review_id,
    JSONExtractString(properties, 'order_id') AS order_id,
    JSONExtractString(properties, 'product_id') AS product_id,
    toFloat64OrNull(JSONExtractString(properties, 'rating')) AS rating,
    arrayFilter(tag -> tag != '', JSONExtract(properties, 'tags', 'Array(String)')) AS tags,
    parseDateTime64BestEffortOrNull(JSONExtractString(properties, 'answered_at'), 3, 'UTC') AS answered_at
FROM recorded_touchpoints
PREWHERE type = 'track' AND event IN ('Review Submitted', 'Product Reviewed')
WHERE rating BETWEEN 1 AND 5
ORDER BY timestamp DESC, received_at DESC, log_partition DESC, log_offset DESC
LIMIT 1 BY workspace_id, review_id, order_id, product_id
COMMENT 'One row a review. Reviews as reviews shows them, under the lone profiles that they were recorded for: what counts them need not know who those are today'
