CREATE OR REPLACE VIEW referrals
AS
SELECT
    workspace_id,
    coalesce(nullIf(JSONExtractString(properties, 'referral_id'), ''), message_id) AS referral_id,
    argMinIf(touchpoints.profile_id, stamp, event = 'Referral Sent') AS referrer_profile_id,
    argMinIf(touchpoints.profile_id, stamp, event = 'Referral Converted') AS referred_profile_id,
    minIf(toNullable(timestamp), event = 'Referral Sent') AS sent_at,
    minIf(toNullable(timestamp), event = 'Referral Converted') AS converted_at,
    argMinIf(JSONExtractString(properties, 'channel'), stamp, event = 'Referral Sent') AS channel
FROM
(
    SELECT *, (timestamp, received_at, log_partition, log_offset) AS stamp
    FROM touchpoints
    WHERE type = 'track' AND event IN ('Referral Sent', 'Referral Converted')
) AS touchpoints
GROUP BY workspace_id, referral_id
COMMENT 'One row a referral: who sent it, and who came by it'
