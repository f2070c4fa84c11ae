SELECT message_id, event
FROM touchpoints
WHERE lone_profile_id = '{person}'
    OR lone_profile_id IN (SELECT profile_id FROM identities GROUP BY profile_id HAVING arg_max(survivor_id, sequence) = '{person}')
ORDER BY timestamp DESC, message_id
LIMIT 50
