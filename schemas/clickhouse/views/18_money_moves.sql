CREATE OR REPLACE VIEW money_moves
AS
SELECT
    moved.workspace_id AS workspace_id,
    if(survivor.survivor_key = 0, moved.lone_key, survivor.survivor_key) AS person_key,
    coalesce(nullIf(survivor.survivor_id, ''), moved.lone_profile_id) AS profile_id,
    moved.kind AS kind,
    moved.order_id AS order_id,
    moved.order_key AS order_key,
    moved.timestamp AS timestamp,
    moved.day AS day,
    moved.is_reported AS is_reported,
    moved.currency AS currency,
    moved.amount AS amount
FROM money_rows AS moved
LEFT ANY JOIN profile_survivors AS survivor ON survivor.lone_key = moved.lone_key
COMMENT 'One row an order or refund. Orders (positive) and refunds (negative) with their day in the time zone of the workspace, in its reporting currency where that is or can be converted'
