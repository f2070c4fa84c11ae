TRUNCATE orchestrate.people, orchestrate.parts
