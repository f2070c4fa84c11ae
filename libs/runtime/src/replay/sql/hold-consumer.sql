-- Waits for the transaction in hand of every live member; none begins a batch until this transaction ends, however it ends.
-- The positions of a copy are another table, so that whoever builds in it is not held.
SELECT pg_advisory_xact_lock('runtime.positions'::regclass::oid::int, hashtext($1));
