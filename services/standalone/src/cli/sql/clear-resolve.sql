TRUNCATE resolve.messages, resolve.intake, resolve.identifiers, resolve.merges, resolve.refusals
