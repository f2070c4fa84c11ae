ALTER TABLE recorded_orders
    ADD COLUMN IF NOT EXISTS is_identified Bool COMMENT 'It named a userId, so its profile is a known person and no guest' AFTER imported;
