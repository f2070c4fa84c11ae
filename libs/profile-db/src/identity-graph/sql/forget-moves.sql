DELETE FROM resolve.moves
WHERE sequence < $1
