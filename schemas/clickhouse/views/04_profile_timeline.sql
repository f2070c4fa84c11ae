-- The lone profiles of one person are few: they are looked up first, so that only this person's rows are read.
CREATE OR REPLACE VIEW profile_timeline
AS
SELECT
    timestamp,
    received_at,
    type,
    event,
    message_id,
    source_id,
    order_id,
    total,
    currency,
    campaign_name,
    campaign_source,
    campaign_medium,
    referrer_host,
    page_path,
    log_partition,
    log_offset
FROM touchpoints_by_profile
WHERE workspace_id = {workspace:String}
    AND lone_key IN
    (
        SELECT lone_key
        FROM profile_survivors
        WHERE survivor_key = reinterpretAsUInt128(sipHash128({workspace:String}, {profile:String}))
            AND lone_key IN
            (
                SELECT lone_key
                FROM identities
                WHERE survivor_key = reinterpretAsUInt128(sipHash128({workspace:String}, {profile:String}))
            )
        UNION ALL
        SELECT reinterpretAsUInt128(sipHash128({workspace:String}, {profile:String})) AS lone_key
        WHERE lone_key NOT IN
        (
            SELECT lone_key
            FROM profile_survivors
            WHERE lone_key = reinterpretAsUInt128(sipHash128({workspace:String}, {profile:String})) AND survivor_key != lone_key
        )
    )
COMMENT 'One row a touchpoint of the person. Everything one person did, without its JSON. Parameters: workspace, profile (today, as in profiles)'
