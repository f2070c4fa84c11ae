-- All links of the identifiers $1. Where an identifier was seen with more of a type than anybody has, those say nothing and
-- may be very many: they are passed over, but for declared and decided ones.
WITH wanted AS MATERIALIZED (
  SELECT
    identifier_id,
    shared,
    shared OR crowded_types <> '{}' AS crowded,
    ARRAY(SELECT jsonb_object_keys(link_counts) EXCEPT SELECT unnest(crowded_types)) AS open_types
  FROM resolve.identifiers
  WHERE identifier_id = ANY ($1::uuid[])
),
link AS (
  SELECT link.*
  FROM wanted
  JOIN resolve.links AS link ON link.lower_id = wanted.identifier_id
  WHERE NOT wanted.crowded
  UNION
  SELECT link.*
  FROM wanted
  JOIN resolve.links AS link ON link.higher_id = wanted.identifier_id
  WHERE NOT wanted.crowded
  UNION
  SELECT link.*
  FROM wanted
  CROSS JOIN LATERAL unnest(wanted.open_types) AS open (type)
  JOIN resolve.links AS link ON link.lower_id = wanted.identifier_id AND link.higher_type = open.type
  WHERE wanted.crowded AND NOT wanted.shared
  UNION
  SELECT link.*
  FROM wanted
  CROSS JOIN LATERAL unnest(wanted.open_types) AS open (type)
  JOIN resolve.links AS link ON link.higher_id = wanted.identifier_id AND link.lower_type = open.type
  WHERE wanted.crowded AND NOT wanted.shared
  UNION
  SELECT link.*
  FROM wanted
  JOIN resolve.links AS link
    ON link.lower_id = wanted.identifier_id AND (link.declared OR link.decision IS NOT NULL)
  WHERE wanted.crowded
  UNION
  SELECT link.*
  FROM wanted
  JOIN resolve.links AS link
    ON link.higher_id = wanted.identifier_id AND (link.declared OR link.decision IS NOT NULL)
  WHERE wanted.crowded
)
SELECT
  lower_id, higher_id,
  seen, declared, first_seen_at,
  decision, decision_position, refusal
FROM link
