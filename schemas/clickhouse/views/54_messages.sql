CREATE OR REPLACE VIEW messages
AS
SELECT
    found.workspace_id AS workspace_id,
    coalesce(nullIf(survivor.survivor_id, ''), found.profile_id) AS profile_id,
    found.delivery_id AS delivery_id,
    found.channel AS channel,
    found.journey_id AS journey_id,
    found.step_id AS step_id,
    found.variant AS variant,
    found.template_id AS template_id,
    coalesce(nullIf(found.given_type, ''), nullIf(template.type, ''), 'promotional') AS message_type,
    found.requested_at AS requested_at,
    found.status = 'sent' AS is_sent,
    found.status = 'failed' AS is_failed,
    found.reason AS reason,
    found.sent_at AS sent_at
FROM found_messages AS found
LEFT ANY JOIN profile_survivors AS survivor
    ON survivor.workspace_id = found.workspace_id AND survivor.profile_id = found.profile_id
LEFT ANY JOIN (SELECT template_id, type FROM message_templates FINAL) AS template ON template.template_id = found.template_id
COMMENT 'One row a message, of our own journeys or of another system. sent_at is null until something became of it'
