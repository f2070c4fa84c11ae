-- Who is being erased: from the request on, whoever asks is answered as if the person were not there.
CREATE INDEX erasures_under_way ON privacy.erasures (requested_at, erasure_id) WHERE status <> 'completed';
CREATE INDEX erased_people_erasure ON privacy.erased_people (erasure_id);

CREATE VIEW privacy.people_being_erased AS
SELECT person.workspace_id, person.person_id, erasure.erasure_id
FROM privacy.erasures AS erasure
JOIN privacy.erased_people AS person USING (erasure_id)
WHERE erasure.status <> 'completed';
COMMENT ON VIEW privacy.people_being_erased IS 'Every profile and subject id of people whose erasure is under way; empty most of the time.';
