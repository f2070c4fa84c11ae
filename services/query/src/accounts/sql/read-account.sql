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
      LIMIT $3
    ) AS counted
  ) AS members
FROM profile.accounts
WHERE workspace_id = $1 AND account_id = $2
