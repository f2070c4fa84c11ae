TRUNCATE segment.people
