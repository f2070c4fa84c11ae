CREATE OR REPLACE VIEW message_events
AS
SELECT
    found.workspace_id AS workspace_id,
    coalesce(nullIf(survivor.survivor_id, ''), found.lone_profile_id) AS profile_id,
    found.delivery_id AS delivery_id,
    found.kind AS kind,
    found.happened_at AS happened_at,
    found.is_machine AS is_machine,
    found.message_id AS message_id
FROM found_message_events AS found
LEFT ANY JOIN profile_survivors AS survivor
    ON survivor.lone_key = reinterpretAsUInt128(sipHash128(toString(found.workspace_id), found.lone_profile_id))
COMMENT 'One row an event of a message. What became of messages, and what people did with them: delivered, opened, clicked, replied, bounced, unsubscribed, complained'
