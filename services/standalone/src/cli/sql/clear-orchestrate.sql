TRUNCATE orchestrate.people
