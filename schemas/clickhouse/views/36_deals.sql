CREATE OR REPLACE VIEW deals
AS
SELECT
    workspace_id,
    coalesce(nullIf(JSONExtractString(properties, 'deal_id'), ''), message_id) AS deal_id,
    argMin(touchpoints.profile_id, stamp) AS profile_id,
    argMaxIf(touchpoints.group_id, stamp, touchpoints.group_id != '') AS account_id,
    argMaxIf(JSONExtractString(properties, 'name'), stamp, JSONExtractString(properties, 'name') != '') AS name,
    argMaxIf(coalesce(touchpoints.total, toDecimal64OrNull(JSONExtractString(properties, 'amount'), 4)), stamp, touchpoints.total IS NOT NULL OR JSONHas(properties, 'amount')) AS amount,
    argMaxIf(toString(touchpoints.currency), stamp, touchpoints.currency != '') AS currency,
    argMax(multiIf(event = 'Deal Won', 'won', event = 'Deal Lost', 'lost', JSONExtractString(properties, 'stage')), stamp) AS stage,
    argMaxIf(JSONExtractString(properties, 'owner_id'), stamp, JSONExtractString(properties, 'owner_id') != '') AS owner_id,
    argMaxIf(JSONExtractString(properties, 'reason'), stamp, event = 'Deal Lost') AS lost_reason,
    min(timestamp) AS created_at,
    if(stage IN ('won', 'lost'), maxIf(toNullable(timestamp), event IN ('Deal Won', 'Deal Lost')), NULL) AS closed_at
FROM
(
    SELECT *, (timestamp, received_at, log_partition, log_offset) AS stamp
    FROM touchpoints
    WHERE type = 'track' AND event IN ('Deal Created', 'Deal Stage Changed', 'Deal Won', 'Deal Lost')
) AS touchpoints
GROUP BY workspace_id, deal_id
COMMENT 'One row a deal, as it stands by the last thing that happened to it'
