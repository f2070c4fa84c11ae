-- Ranks all customers of workspace $1 for score $2, as of $3, because of $4, and keeps what has changed. Conventions as
-- in libs/scoring/src/rfm.ts, to which a test holds this statement. Returns whether anything is left to announce.
-- Where a move has a sequence, it is final; those without form chains.
WITH RECURSIVE trail (profile_id, leads_to, is_final) AS (
  SELECT profile_id, survivor_id, sequence > 0
  FROM score.survivors
  WHERE workspace_id = $1
  UNION
  SELECT trail.profile_id, further.survivor_id, further.sequence > 0
  FROM trail
  JOIN score.survivors AS further ON further.workspace_id = $1 AND further.profile_id = trail.leads_to
  WHERE NOT trail.is_final
),

survivors AS (
  SELECT profile_id, leads_to AS survivor_id
  FROM trail
  WHERE is_final
    OR NOT EXISTS (
      SELECT FROM score.survivors AS further WHERE further.workspace_id = $1 AND further.profile_id = trail.leads_to
    )
),

-- A refund without an amount gives the whole order back, and is in the order's currency where it names none.
purchases AS (
  SELECT
    coalesce(survivors.survivor_id, purchase.profile_id) AS profile_id,
    purchase.kind,
    purchase.happened_at,
    CASE purchase.kind
      WHEN 'order' THEN coalesce(purchase.amount, 0)
      ELSE -abs(coalesce(purchase.amount, refunded.amount, 0))
    END AS amount,
    coalesce(nullif(purchase.currency, ''), refunded.currency, '') AS currency
  FROM score.purchases AS purchase
  LEFT JOIN survivors ON survivors.profile_id = purchase.profile_id
  LEFT JOIN score.purchases AS refunded
    ON purchase.kind = 'refund'
    AND refunded.workspace_id = purchase.workspace_id
    AND refunded.kind = 'order'
    AND refunded.purchase_id = purchase.order_id
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
    sum(amount) FILTER (WHERE purchases.currency = main_currencies.currency) AS spent
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
      announced = known.announced AND (known.recency, known.frequency, known.monetary)
        IS NOT DISTINCT FROM (excluded.recency, excluded.frequency, excluded.monetary)
  -- After an erasure every row is of this computation, as a replay without the person makes it.
  WHERE $5 OR (known.recency, known.frequency, known.monetary)
    IS DISTINCT FROM (excluded.recency, excluded.frequency, excluded.monetary)
  RETURNING announced
)

SELECT EXISTS (SELECT FROM changed WHERE NOT announced) AS changed;
