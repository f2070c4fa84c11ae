UPDATE resolve.graph
SET sequence = $1
