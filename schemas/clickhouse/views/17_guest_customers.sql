-- Customers are people: profiles that named a userId once, when they ordered or at any other time. A guest who never did is nobody
-- to come back. Most orders name the user, so only the others are looked into: who ordered so; all lone profiles that are, or once
-- were, the same person; those of them that named a userId.
CREATE OR REPLACE VIEW guest_customers
AS
WITH
    without_user AS
    (
        SELECT DISTINCT lone_key
        FROM recorded_orders
        WHERE NOT is_identified
    ),
    asked AS
    (
        SELECT DISTINCT if(survivor.survivor_key = 0, ordered.lone_key, survivor.survivor_key) AS person_key
        FROM without_user AS ordered
        LEFT ANY JOIN
        (
            SELECT lone_key, argMax(survivor_key, sequence) AS survivor_key
            FROM identities
            WHERE lone_key IN without_user
            GROUP BY lone_key
        ) AS survivor ON survivor.lone_key = ordered.lone_key
    ),
    same AS
    (
        SELECT DISTINCT lone_key
        FROM identities
        WHERE survivor_key IN asked
        UNION DISTINCT
        SELECT person_key AS lone_key
        FROM asked
    ),
    known AS
    (
        SELECT if(survivor.survivor_key = 0, active.lone_key, survivor.survivor_key) AS person_key
        FROM
        (
            SELECT lone_key
            FROM profile_activity
            WHERE is_identified = 1 AND lone_key IN same
        ) AS active
        LEFT ANY JOIN
        (
            SELECT lone_key, argMax(survivor_key, sequence) AS survivor_key
            FROM identities
            WHERE lone_key IN same
            GROUP BY lone_key
        ) AS survivor ON survivor.lone_key = active.lone_key
    )
SELECT person_key
FROM asked
WHERE person_key NOT IN known
COMMENT 'One row a guest. Keys of those who ordered and never named a userId'
