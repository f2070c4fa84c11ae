-- As docs/consent.md has it: each lone profile is heard by its newest statement, one that a later statement of the same person settles
-- is left out, and of the rest the most restrictive counts. Purposes stand as they were named: those that are part of a wider one, and how
-- long a purpose holds, are in the definitions, which the consents of a profile in the API apply.
CREATE OR REPLACE VIEW current_consents
AS
SELECT
    workspace_id,
    profile_id,
    purpose,
    channel,
    unsettled[1].status AS status,
    unsettled[1].stamp.1 AS since,
    unsettled[1].expires_at AS expires_at,
    unsettled[1].lawful_basis AS lawful_basis,
    CAST(arrayExists(one -> one.status = 'granted', unsettled) AND arrayExists(one -> one.status IN ('denied', 'withdrawn'), unsettled), 'Bool') AS is_conflict
FROM
(
    SELECT
        workspace_id,
        profile_id,
        purpose,
        channel,
        arrayReverseSort(
            one -> (transform(one.status, ['withdrawn', 'denied', 'granted', 'expired'], [4, 3, 2, 1], 0), one.stamp),
            arrayFilter(one -> NOT arrayExists(other -> other.lone != one.lone AND has(other.settles, one.lone) AND other.stamp > one.stamp, heard), heard)
        ) AS unsettled
    FROM
    (
        SELECT
            workspace_id,
            profile_id,
            purpose,
            channel,
            groupArray(CAST(
                (lone_profile_id, if(newest.expires_at <= now64(3), 'expired', newest.status), newest.stamp, newest.settles, newest.expires_at, newest.lawful_basis),
                'Tuple(lone String, status String, stamp Tuple(DateTime64(3, \'UTC\'), DateTime64(3, \'UTC\'), UInt8, UInt64), settles Array(String), expires_at Nullable(DateTime64(3, \'UTC\')), lawful_basis String)'
            )) AS heard
        FROM
        (
            SELECT
                any(consent_history.workspace_id) AS workspace_id,
                any(consent_history.profile_id) AS profile_id,
                lone_profile_id,
                purpose,
                channel,
                argMax(
                    CAST(
                        (toString(consent_history.status), (timestamp, received_at, consent_history.status != 'granted', log_offset), settles, consent_history.expires_at, toString(consent_history.lawful_basis)),
                        'Tuple(status String, stamp Tuple(DateTime64(3, \'UTC\'), DateTime64(3, \'UTC\'), UInt8, UInt64), settles Array(String), expires_at Nullable(DateTime64(3, \'UTC\')), lawful_basis String)'
                    ),
                    (timestamp, received_at, consent_history.status != 'granted', log_offset)
                ) AS newest
            FROM consent_history
            GROUP BY consent_history.workspace_id, lone_profile_id, purpose, channel
        )
        GROUP BY workspace_id, profile_id, purpose, channel
    )
)
COMMENT 'One row a person, purpose and channel. What each person allows now, by purpose and channel as they were named: granted, denied, withdrawn or expired'
