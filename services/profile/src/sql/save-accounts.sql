UPDATE profile.accounts AS known
SET
  first_seen_at = least(known.first_seen_at, timestamptz 'epoch' + new.first_seen_at * interval '1 millisecond'),
  last_seen_at = greatest(known.last_seen_at, timestamptz 'epoch' + new.last_seen_at * interval '1 millisecond'),
  traits = new.traits,
  trait_stamps = new.trait_stamps
FROM json_to_recordset($1::json) AS new (
  workspace_id text, account_id text, first_seen_at bigint, last_seen_at bigint, traits jsonb, trait_stamps json
)
WHERE known.workspace_id = new.workspace_id AND known.account_id = new.account_id
