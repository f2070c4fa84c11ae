-- What was said of each lone profile, put together by the person who it is today; beside it what the person bought.
CREATE OR REPLACE VIEW profiles
AS
WITH toDateTime64('2299-12-31 23:59:59', 3, 'UTC') AS never
SELECT
    seen.workspace_id AS workspace_id,
    seen.profile_id AS profile_id,
    seen.is_person AS is_person,
    seen.first_seen_at AS first_seen_at,
    seen.last_seen_at AS last_seen_at,
    seen.touchpoint_count AS touchpoint_count,
    seen.country AS country,
    if(seen.signed_up = never, NULL, seen.signed_up) AS signed_up_at,
    if(seen.identified = never, NULL, seen.identified) AS identified_at,
    seen.acquisition_source AS acquisition_source,
    seen.acquisition_medium AS acquisition_medium,
    seen.acquisition_campaign AS acquisition_campaign,
    toUInt64(ifNull(bought.orders, 0)) AS order_count,
    if(order_count = 0, NULL, bought.first_order_at) AS first_order_at,
    if(order_count = 0, NULL, bought.last_order_at) AS last_order_at,
    ifNull(bought.revenue, toDecimal128(0, 4)) AS revenue,
    ifNull(bought.refunded, toDecimal128(0, 4)) AS refunded,
    revenue - refunded AS net_revenue,
    seen.person_key AS person_key
FROM people_seen AS seen
LEFT ANY JOIN
(
    SELECT
        person_key,
        countIf(kind = 'order') AS orders,
        minIf(timestamp, kind = 'order') AS first_order_at,
        maxIf(timestamp, kind = 'order') AS last_order_at,
        sumIf(amount, kind = 'order' AND is_reported) AS revenue,
        -sumIf(amount, kind = 'refund' AND is_reported) AS refunded
    FROM money_moves
    GROUP BY person_key
) AS bought ON bought.person_key = seen.person_key
COMMENT 'One row a living profile: people (is_person) and guests. Money in the reporting currency of the workspace'
