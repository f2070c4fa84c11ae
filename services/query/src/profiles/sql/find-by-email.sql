-- Several people can have given one address; the one seen last is the likeliest.
SELECT profile_id
FROM profile.profiles
WHERE workspace_id = $1 AND lower(traits ->> 'email') = lower($2)
ORDER BY last_seen_at DESC NULLS LAST, profile_id
LIMIT 1
