SELECT
  account_id,
  traits,
  first_seen_at,
  last_seen_at,
  (
    SELECT count(*)::int
    FROM (
      SELECT 1
      FROM profile.search_keys AS member
      WHERE member.workspace_id = accounts.workspace_id AND member.name = 'account' AND member.value = accounts.account_id
        AND NOT EXISTS (
          SELECT FROM privacy.people_being_erased AS erased
          WHERE erased.workspace_id = member.workspace_id AND erased.person_id = member.profile_id::text
        )
      LIMIT $3
    ) AS counted
  ) AS members
FROM profile.accounts
WHERE workspace_id = $1 AND account_id = $2
