-- How many touchpoints of one history can be queried, and how many were put aside as unusable.
SELECT
    (SELECT uniqExact(message_id) FROM touchpoints WHERE startsWith(message_id, {prefix: String})) AS stored,
    (SELECT uniqExact(message_id) FROM rejected_touchpoints WHERE startsWith(message_id, {prefix: String})) AS rejected
