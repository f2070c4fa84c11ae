CREATE OR REPLACE VIEW churn_reasons
AS
SELECT
    workspace_id,
    toStartOfMonth(ended.day) AS month,
    if(ended.reason = '', '(none given)', ended.reason) AS reason,
    ended.is_voluntary AS is_voluntary,
    toUInt64(uniqExact(ended.subscription_id)) AS cancellations
FROM
(
    SELECT workspace_id, subscription_id, day, reason, is_voluntary
    FROM subscription_events
    WHERE kind = 'cancelled'
) AS ended
GROUP BY workspace_id, month, reason, is_voluntary
COMMENT 'One row a month and reason. Why subscriptions were cancelled, by month'
