CREATE OR REPLACE VIEW touch_labels
AS
SELECT
    bitAnd(cityHash64(touch_channel, touch_source, touch_medium, campaign_name), 18446744073709551614) + (touch_channel = 'direct') AS visit,
    toString(multiIf({by:String} = 'source', touch_source, {by:String} = 'medium', touch_medium, {by:String} = 'campaign', campaign_name, touch_channel)) AS name,
    bitAnd(cityHash64(name), 18446744073709551614) + (touch_channel = 'direct') AS label_key
FROM
(
    SELECT touch_channel, touch_source, touch_medium, campaign_name
    FROM touchpoints_by_profile
    WHERE workspace_id = {workspace:String}
    GROUP BY touch_channel, touch_source, touch_medium, campaign_name
)
WHERE touch_channel != ''
    AND (SELECT throwIf({by:String} NOT IN ('channel', 'source', 'medium', 'campaign'), 'by must be channel, source, medium or campaign')) = 0
COMMENT 'One row a kind of touch. What the numbers in conversion_walks stand for. Parameters: workspace, by (channel, source, medium, campaign)'
