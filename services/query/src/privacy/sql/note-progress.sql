UPDATE privacy.erasures
SET step = $2, findings = $3::jsonb
WHERE erasure_id = $1 AND status <> 'completed'
