-- How many touchpoints of one history can be queried, and how many were put aside as unusable.
-- Counted on the table under the view touchpoints: asked often, it must not cost what following merges costs.
SELECT
    (SELECT uniqExact(message_id) FROM recorded_touchpoints WHERE startsWith(message_id, {prefix: String})) AS stored,
    (SELECT uniqExact(message_id) FROM rejected_touchpoints WHERE startsWith(message_id, {prefix: String})) AS rejected
