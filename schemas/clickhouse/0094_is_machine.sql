-- A sender that knows only text, as a CSV file does, says "true".
ALTER TABLE recorded_touchpoints
    MODIFY COLUMN IF EXISTS is_machine Bool
        MATERIALIZED if(
            startsWith(event, 'Email') OR startsWith(event, 'SMS') OR startsWith(event, 'Push Notification') OR event = 'Unsubscribed',
            JSONExtractString(properties, 'is_machine') IN ('true', '1')
                OR JSONExtractString(properties, 'machine_open') IN ('true', '1')
                OR (event = 'Email Opened' AND coalesce(nullIf(JSONExtractString(context, 'userAgent'), ''), JSONExtractString(properties, 'user_agent')) = 'Mozilla/5.0'),
            false
        )
        COMMENT 'Of an event about a message: a program and no person opened or clicked';
