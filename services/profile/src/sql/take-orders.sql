-- Removes the orders of people who were merged; they are saved again under the survivor.
DELETE FROM profile.orders AS gone
USING unnest($1::text[], $2::uuid[]) AS merged (workspace_id, profile_id)
WHERE gone.workspace_id = merged.workspace_id AND gone.profile_id = merged.profile_id
RETURNING gone.workspace_id, gone.profile_id, gone.order_id, gone.completed, gone.refunds
