-- A message that must not leave stays in the outbox with the reason, so that a repeated request finds it decided.
ALTER TABLE deliver.outbox DROP CONSTRAINT outbox_status_check;
ALTER TABLE deliver.outbox ADD CONSTRAINT outbox_status_check CHECK (status IN ('sent', 'failed', 'withheld'));
COMMENT ON COLUMN deliver.outbox.reason IS 'Why it failed or was withheld.';
