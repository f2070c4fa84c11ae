SELECT merged_id, survivor_id, lead_type, sequence
FROM resolve.merges
WHERE sequence > $1
ORDER BY sequence
