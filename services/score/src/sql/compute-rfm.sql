-- Ranks all customers of workspace $1 for score $2, as of $3, because of $4, and keeps what has changed. Conventions as
-- in libs/scoring/src/rfm.ts, to which a test holds this statement. Returns whether anything is left to announce.
WITH RECURSIVE trail (profile_id, leads_to) AS (
  SELECT profile_id, survivor_id
  FROM score.survivors
  WHERE workspace_id = $1
  UNION
  SELECT trail.profile_id, further.survivor_id
  FROM trail
  JOIN score.survivors AS further ON further.workspace_id = $1 AND further.profile_id = trail.leads_to
),

survivors AS (
  SELECT profile_id, leads_to AS survivor_id
  FROM trail
  WHERE NOT EXISTS (
    SELECT FROM score.survivors AS further WHERE further.workspace_id = $1 AND further.profile_id = trail.leads_to
  )
),

purchases AS (
  SELECT coalesce(survivors.survivor_id, purchase.profile_id) AS profile_id, kind, happened_at, amount, currency
  FROM score.purchases AS purchase
  LEFT JOIN survivors ON survivors.profile_id = purchase.profile_id
  WHERE purchase.workspace_id = $1
),

-- The currency of most of a customer's orders; of equally many the first by alphabet.
main_currencies AS (
  SELECT DISTINCT ON (profile_id) profile_id, currency
  FROM purchases
  WHERE kind = 'order'
  GROUP BY profile_id, currency
  ORDER BY profile_id, count(*) DESC, currency COLLATE "C"
),

customers AS (
  SELECT
    profile_id,
    main_currencies.currency,
    max(happened_at) FILTER (WHERE kind = 'order') AS last_order_at,
    count(*) FILTER (WHERE kind = 'order') AS orders,
    sum(CASE kind WHEN 'order' THEN amount ELSE -amount END)
      FILTER (WHERE purchases.currency = main_currencies.currency) AS spent
  FROM purchases
  JOIN main_currencies USING (profile_id)
  GROUP BY profile_id, main_currencies.currency
),

ranked AS (
  SELECT
    profile_id,
    ntile(5) OVER (ORDER BY last_order_at, profile_id COLLATE "C") AS recency,
    ntile(5) OVER (ORDER BY orders, profile_id COLLATE "C") AS frequency,
    ntile(5) OVER (PARTITION BY currency ORDER BY spent, profile_id COLLATE "C") AS monetary
  FROM customers
),

gone AS (
  DELETE FROM score.scores
  WHERE workspace_id = $1
    AND score_id = $2
    AND profile_id NOT IN (SELECT profile_id FROM ranked)
),

changed AS (
  INSERT INTO score.scores AS known (
    workspace_id, score_id, profile_id, recency, frequency, monetary, computed_at, cause_id, announced
  )
  SELECT $1, $2, profile_id, recency, frequency, monetary, $3::bigint, $4, false
  FROM ranked
  ON CONFLICT (workspace_id, score_id, profile_id) DO UPDATE
  SET recency = excluded.recency,
      frequency = excluded.frequency,
      monetary = excluded.monetary,
      computed_at = excluded.computed_at,
      cause_id = excluded.cause_id,
      announced = false
  WHERE (known.recency, known.frequency, known.monetary)
    IS DISTINCT FROM (excluded.recency, excluded.frequency, excluded.monetary)
  RETURNING 1
)

SELECT EXISTS (SELECT FROM changed) AS changed;
