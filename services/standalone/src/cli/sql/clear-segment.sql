TRUNCATE segment.people, segment.parts
