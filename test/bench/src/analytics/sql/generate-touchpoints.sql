-- Visits of a shop: a page, then ever fewer products, carts, checkouts and orders; some of it before the person is known by a userId.
INSERT INTO recorded_touchpoints (workspace_id, profile_id, lone_profile_id, message_id, source_id, type, event, timestamp, received_at, is_identified, order_id, total, currency, page_url, page_path, page_referrer, campaign_name, campaign_source, campaign_medium, country, properties, traits, context, log_partition, log_offset)
WITH
    (seed, number) -> sipHash64(seed, number) / 18446744073709551616. AS uniform,
    (kind, number) -> toString(reinterpretAsUUID(MD5(concat(kind, toString(number))))) AS id
SELECT
    'default',
    id('person', person) AS profile,
    if(step <= 2 AND uniform(5, visit) < 0.2, id('browser', person), profile) AS lone,
    concat('m', toString(visit), '-', toString(step)),
    'web',
    transform(step, [1, 6], ['page', 'identify'], 'track'),
    transform(step, [2, 3, 4, 5, 7, 8], ['Product Viewed', 'Product Added', 'Checkout Started', 'Order Completed', 'Email Link Clicked', 'Order Refunded'], ''),
    began + toIntervalMinute(step * 3) AS at,
    at + toIntervalSecond(1),
    lone = profile,
    -- One order in a hundred is sent twice.
    if(step IN (5, 8), concat('o', toString(visit - (visit % 100 = 99))), ''),
    if(step IN (5, 8), toDecimal64(10 + 190 * uniform(6, visit), 2), NULL),
    if(step IN (5, 8), 'EUR', ''),
    concat('https://shop.example/', toString(visit % 1000)),
    concat('/', toString(visit % 1000)),
    if(uniform(8, visit) < 0.5, 'https://www.google.com/', ''),
    if(uniform(9, visit) < 0.4, concat('campaign-', toString(visit % 20)), ''),
    if(uniform(9, visit) < 0.4, ['google', 'facebook', 'newsletter', 'instagram'][visit % 4 + 1], ''),
    if(uniform(9, visit) < 0.4, ['cpc', 'social', 'email', 'social'][visit % 4 + 1], ''),
    ['DE', 'US', 'FR', 'GB'][person % 4 + 1],
    if(step IN (2, 3, 4, 5), concat('{"order_id":"o', toString(visit), '","total":', toString(10 + visit % 190), ',"currency":"EUR","products":[{"product_id":"p', toString(visit % 500), '","name":"Product ', toString(visit % 500), '","price":', toString(10 + visit % 90), ',"quantity":', toString(1 + visit % 3), '}]}'), '{}'),
    '{}',
    '{"library":{"name":"analytics.js","version":"4"},"page":{"path":"/","url":"https://shop.example/"},"locale":"en"}',
    visit % 4,
    visit * 9 + step
FROM
(
    SELECT
        number AS visit,
        toUInt32({people:UInt32} * pow(uniform(1, number), 2)) AS person,
        toDateTime64('2024-01-01 00:00:00', 3, 'UTC') + toIntervalMillisecond(toUInt64(730 * 86400000. * uniform(2, number))) AS began,
        uniform(3, number) AS depth,
        arrayConcat(
            range(1, 2 + toUInt32(multiIf(depth < 0.2, 1, depth < 0.45, 2, depth < 0.6, 3, depth < 0.7, 4, 5))),
            if(uniform(4, number) < 0.1, [6], []),
            if(uniform(10, number) < 0.2, [7], []),
            if(depth > 0.98, [8], [])
        ) AS steps
    FROM numbers({from:UInt64}, {visits:UInt64})
)
ARRAY JOIN steps AS step
