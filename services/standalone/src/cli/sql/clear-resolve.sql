TRUNCATE
  resolve.messages, resolve.intake,
  resolve.identifiers, resolve.links, resolve.announcements, resolve.graph, resolve.moves
