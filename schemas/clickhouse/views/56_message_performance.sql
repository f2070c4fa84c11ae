-- Each message counts once for each thing that happened to it, whenever that was. opened is by people: an open by a machine counts in
-- opened_by_machine only, unless the person opened too, or clicked, which nobody does without opening. A message converted when its
-- receiver did the conversion within the window after it was sent, and no later message was sent to her in between.
CREATE OR REPLACE VIEW message_performance
AS
SELECT
    journey_id,
    step_id,
    variant,
    template_id,
    channel,
    message_type,
    count() AS requested,
    countIf(is_sent) AS sent,
    countIf(is_failed) AS failed,
    countIf(is_sent AND bounced) AS bounced_messages,
    countIf(is_sent AND NOT bounced) AS delivered,
    countIf(is_sent AND NOT bounced AND (opened OR clicked)) AS opened_messages,
    countIf(is_sent AND NOT bounced AND machine_opened AND NOT opened AND NOT clicked) AS opened_by_machine,
    countIf(is_sent AND NOT bounced AND clicked) AS clicked_messages,
    countIf(is_sent AND replied) AS replied_messages,
    countIf(is_sent AND unsubscribed) AS unsubscribed_messages,
    countIf(is_sent AND complained) AS complained_messages,
    countIf(is_sent AND conversions > 0) AS converted_messages,
    sumIf(per_message.value, is_sent) AS value,
    if(sent = 0, NULL, delivered / sent) AS delivery_rate,
    if(delivered = 0, NULL, opened_messages / delivered) AS open_rate,
    if(delivered = 0, NULL, clicked_messages / delivered) AS click_rate,
    if(opened_messages = 0, NULL, clicked_messages / opened_messages) AS click_to_open_rate,
    if(delivered = 0, NULL, replied_messages / delivered) AS reply_rate,
    if(delivered = 0, NULL, unsubscribed_messages / delivered) AS unsubscribe_rate,
    if(delivered = 0, NULL, complained_messages / delivered) AS complaint_rate,
    if(delivered = 0, NULL, converted_messages / delivered) AS conversion_rate
FROM
(
    SELECT
        message.*,
        event.opened AS opened,
        event.machine_opened AS machine_opened,
        event.clicked AS clicked,
        event.replied AS replied,
        event.bounced AS bounced,
        event.unsubscribed AS unsubscribed,
        event.complained AS complained,
        converted.conversions AS conversions,
        converted.value AS value
    FROM
    (
        SELECT *
        FROM messages
        WHERE workspace_id = {workspace:String}
            AND requested_at >= {from:DateTime64(3, 'UTC')}
            AND requested_at < {to:DateTime64(3, 'UTC')}
    ) AS message
    LEFT ANY JOIN
    (
        SELECT
            delivery_id,
            countIf(kind = 'opened' AND NOT is_machine) > 0 AS opened,
            countIf(kind = 'opened' AND is_machine) > 0 AS machine_opened,
            countIf(kind = 'clicked' AND NOT is_machine) > 0 AS clicked,
            countIf(kind = 'replied') > 0 AS replied,
            countIf(kind = 'bounced') > 0 AS bounced,
            countIf(kind = 'unsubscribed') > 0 AS unsubscribed,
            countIf(kind = 'complained') > 0 AS complained
        FROM message_events
        WHERE workspace_id = {workspace:String}
        GROUP BY delivery_id
    ) AS event ON event.delivery_id = message.delivery_id
    LEFT ANY JOIN
    (
        SELECT last_message.delivery_id AS delivery_id, count() AS conversions, sum(done.value) AS value
        FROM
        (
            SELECT
                profile_id,
                converted_at,
                value
            FROM conversions
            WHERE workspace_id = {workspace:String} AND event = {conversion:String}
        ) AS done
        ASOF INNER JOIN
        (
            SELECT profile_id, delivery_id, assumeNotNull(sent_at) AS sent
            FROM messages
            WHERE workspace_id = {workspace:String} AND is_sent
        ) AS last_message ON last_message.profile_id = done.profile_id AND done.converted_at >= last_message.sent
        WHERE done.converted_at < last_message.sent + toIntervalSecond({window_seconds:UInt32})
        GROUP BY delivery_id
    ) AS converted ON converted.delivery_id = message.delivery_id
) AS per_message
GROUP BY journey_id, step_id, variant, template_id, channel, message_type
COMMENT 'One row a journey, step, variant, template, channel and type. How messages of a period did, by journey, step, variant, template, channel and type. Parameters: workspace, from, to (of the decision to send), conversion (event), window_seconds'
