-- What an event about a message says of it, read out of its JSON once.
ALTER TABLE recorded_touchpoints
    ADD COLUMN IF NOT EXISTS named_message String
        MATERIALIZED if(
            startsWith(event, 'Email') OR startsWith(event, 'SMS') OR startsWith(event, 'Push Notification') OR event = 'Unsubscribed',
            coalesce(nullIf(JSONExtractString(properties, 'delivery_id'), ''), JSONExtractString(properties, 'email_id')),
            ''
        )
        COMMENT 'Of an event about a message: properties.delivery_id, else email_id',
    ADD COLUMN IF NOT EXISTS is_machine Bool
        MATERIALIZED if(
            startsWith(event, 'Email') OR startsWith(event, 'SMS') OR startsWith(event, 'Push Notification') OR event = 'Unsubscribed',
            JSONExtractBool(properties, 'is_machine')
                OR JSONExtractBool(properties, 'machine_open')
                OR (event = 'Email Opened' AND coalesce(nullIf(JSONExtractString(context, 'userAgent'), ''), JSONExtractString(properties, 'user_agent')) = 'Mozilla/5.0'),
            false
        )
        COMMENT 'Of an event about a message: a program and no person opened or clicked';
