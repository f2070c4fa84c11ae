-- Four browsers in five belong to a person who is known.
INSERT INTO identities (workspace_id, profile_id, survivor_id, sequence, reason, timestamp, message_id, appended_at, log_partition, log_offset)
WITH (kind, number) -> toString(reinterpretAsUUID(MD5(concat(kind, toString(number))))) AS id
SELECT 'default', id('browser', number), id('person', number), number + 1, 'same-user', toDateTime64('2024-01-01 00:00:00', 3, 'UTC'), '', toDateTime64('2024-01-01 00:00:00', 3, 'UTC'), 0, number
FROM numbers({people:UInt32})
WHERE sipHash64(number) % 5 < 4
