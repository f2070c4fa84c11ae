INSERT INTO audit.definitions (file, checksum)
SELECT * FROM unnest($1::text[], $2::text[])
ON CONFLICT (file) DO UPDATE SET checksum = excluded.checksum
