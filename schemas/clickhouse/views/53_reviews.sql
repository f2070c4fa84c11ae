CREATE OR REPLACE VIEW reviews
AS
SELECT
    found.workspace_id AS workspace_id,
    coalesce(nullIf(survivor.survivor_id, ''), found.lone_profile_id) AS profile_id,
    found.reviewed_at AS reviewed_at,
    found.review_id AS review_id,
    found.order_id AS order_id,
    found.product_id AS product_id,
    found.rating AS rating,
    found.tags AS tags,
    found.answered_at AS answered_at
FROM found_reviews AS found
LEFT ANY JOIN profile_survivors AS survivor
    ON survivor.lone_key = reinterpretAsUInt128(sipHash128(toString(found.workspace_id), found.lone_profile_id))
COMMENT 'One row a review, rating 1 to 5; sent again, the newest counts. answered_at: when we answered it'
