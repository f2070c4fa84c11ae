-- Customers are people: profiles that named a userId once. A guest who never did is nobody to come back.
CREATE OR REPLACE VIEW known_people
AS
SELECT DISTINCT if(survivor.survivor_key = 0, active.lone_key, survivor.survivor_key) AS person_key
FROM profile_activity AS active
LEFT ANY JOIN profile_survivors AS survivor ON survivor.lone_key = active.lone_key
WHERE active.is_identified = 1
COMMENT 'Keys of the people who named a userId once'
