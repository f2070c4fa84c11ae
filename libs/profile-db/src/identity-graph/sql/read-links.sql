SELECT
  link.lower_id, link.higher_id,
  link.seen, link.declared, link.first_seen_at,
  link.decision, link.decision_position, link.refusal
FROM unnest($1::uuid[], $2::text[], $3::uuid[]) AS wanted (lower_id, higher_type, higher_id)
JOIN resolve.links AS link USING (lower_id, higher_type, higher_id)
