SELECT message_id, event
FROM profile_timeline(workspace = 'default', profile = '{person}')
ORDER BY timestamp DESC, message_id
LIMIT 50
