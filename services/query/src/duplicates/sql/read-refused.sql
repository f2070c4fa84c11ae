-- Pairs of people of whom somebody said that they are not one.
SELECT DISTINCT
  least(one.profile_id, other.profile_id)::text AS lower_id,
  greatest(one.profile_id, other.profile_id)::text AS higher_id
FROM resolve.links AS link
JOIN resolve.identifiers AS one ON one.identifier_id = link.lower_id
JOIN resolve.identifiers AS other ON other.identifier_id = link.higher_id
WHERE link.decision = 'split' AND one.workspace_id = $1
