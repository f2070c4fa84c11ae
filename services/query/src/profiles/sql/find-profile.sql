-- The first of some profiles ($2) and identifiers ($3) that anything is known of, merges followed, with the person's orders.
-- Who is being erased is not there any more.
-- One statement, because what a read costs beside waiting for its turn is the way to the server and back. Rows are looked up
-- one by one (LATERAL, LIMIT 1), whatever the planner believes about the size of the tables when it plans, once for all.
WITH RECURSIVE candidates AS (
  SELECT given.place, given.profile_id
  FROM unnest($2::uuid[]) WITH ORDINALITY AS given (profile_id, place)

  UNION ALL

  SELECT cardinality($2::uuid[]) + wanted.place, known.profile_id
  FROM unnest($3::uuid[]) WITH ORDINALITY AS wanted (identifier_id, place)
  CROSS JOIN LATERAL (
    SELECT profile_id
    FROM resolve.identifiers
    WHERE identifier_id = wanted.identifier_id AND workspace_id = $1
    LIMIT 1
  ) AS known
),

line AS (
  SELECT candidates.place, profile.profile_id, profile.survivor_id
  FROM candidates
  CROSS JOIN LATERAL (
    SELECT profile_id, survivor_id
    FROM profile.profiles
    WHERE workspace_id = $1 AND profile_id = candidates.profile_id
    LIMIT 1
  ) AS profile

  UNION

  SELECT line.place, profile.profile_id, profile.survivor_id
  FROM line
  CROSS JOIN LATERAL (
    SELECT profile_id, survivor_id
    FROM profile.profiles
    WHERE workspace_id = $1 AND profile_id = line.survivor_id
    LIMIT 1
  ) AS profile
),

found AS (
  SELECT profile_id
  FROM line
  WHERE survivor_id IS NULL
    AND (
      SELECT erasure_id
      FROM privacy.people_being_erased
      WHERE workspace_id = $1 AND person_id = line.profile_id::text
      LIMIT 1
    ) IS NULL
  ORDER BY place
  LIMIT 1
)

SELECT
  profile_id,
  first_seen_at,
  last_seen_at,
  traits,
  trait_stamps,
  identifiers,
  recent_touchpoints,
  consents,
  preferences,
  memberships,
  scores,
  recent_deliveries,
  computed,
  relationship,
  clock,
  lifecycle,
  (
    SELECT json_agg(json_build_array(currency, orders, gross_revenue::text, refunded::text, revenue::text, average_order, first_order_at, last_order_at))
    FROM (
      SELECT
        currency,
        orders,
        gross_revenue,
        refunded,
        revenue,
        round(gross_revenue / nullif(orders, 0), 4)::text AS average_order,
        first_order_at,
        last_order_at
      FROM profile.revenue
      WHERE workspace_id = $1 AND profile_id = profiles.profile_id
      ORDER BY currency
    ) AS by_currency
  ) AS revenue,
  (
    SELECT json_agg(json_build_array(order_id, ordered_at, currency, amount::text, refunded::text))
    FROM (
      SELECT order_id, ordered_at, currency, amount, refunded
      FROM profile.orders
      WHERE workspace_id = $1 AND profile_id = profiles.profile_id AND ordered_at IS NOT NULL
      ORDER BY ordered_at DESC, order_id
      LIMIT $4
    ) AS newest
  ) AS purchases,
  (
    -- The identity graph may be a moment ahead with a merge: whoever it says the profile is now.
    SELECT json_agg(theirs.identifier_hash)
    FROM resolve.identifiers AS lone
    CROSS JOIN LATERAL (
      SELECT identifier_hash
      FROM resolve.identifiers
      WHERE identifier_id = lone.profile_id
      UNION ALL
      SELECT identifier_hash
      FROM resolve.identifiers
      WHERE profile_id = lone.profile_id AND profile_id <> identifier_id
    ) AS theirs
    WHERE lone.identifier_id = profiles.profile_id
  ) AS identifier_hashes
FROM profile.profiles AS profiles
WHERE workspace_id = $1 AND profile_id = (SELECT profile_id FROM found)
