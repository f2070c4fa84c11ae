-- One writer of the graph at a time, whatever its partition or instance, until its transaction ends.
SELECT pg_advisory_xact_lock(hashtext('resolve'), hashtext('identity graph'))
