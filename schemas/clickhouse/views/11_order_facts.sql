CREATE OR REPLACE VIEW order_facts
AS
SELECT
    happened.* EXCEPT (lone_key, lone_profile_id),
    if(survivor.survivor_key = 0, happened.lone_key, survivor.survivor_key) AS person_key,
    coalesce(nullIf(survivor.survivor_id, ''), happened.lone_profile_id) AS profile_id
FROM order_rows AS happened
LEFT ANY JOIN profile_survivors AS survivor ON survivor.lone_key = happened.lone_key
COMMENT 'One row an order or refund. Orders and refunds, each once, with the money that they named themselves; order_history completes refunds'
