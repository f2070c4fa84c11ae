-- A touch is a touchpoint that says what brought the person here. It is judged by itself alone, so a late one changes nothing else:
-- a click on a message; a page or screen with a campaign; a page that another site led to; a page that nothing led to (direct).
-- A page that the site's own page led to is none. Sources and media in small letters, as Google Analytics 4 groups them.
CREATE OR REPLACE VIEW touches
AS
SELECT
    workspace_id,
    profile_id,
    touched_at,
    message_id,
    multiIf(
        medium IN ('email', 'e-mail', 'e_mail', 'newsletter') OR source IN ('email', 'newsletter'), 'email',
        medium IN ('sms', 'text') OR source = 'sms', 'sms',
        medium IN ('push', 'mobile', 'notification') OR endsWith(medium, 'push'), 'push',
        medium IN ('affiliate', 'affiliates'), 'affiliate',
        is_social AND (startsWith(medium, 'paid') OR startsWith(medium, 'cp') OR medium = 'ppc'), 'paid social',
        medium IN ('paid_social', 'paid-social', 'paidsocial', 'social_paid'), 'paid social',
        medium IN ('cpc', 'ppc', 'sem', 'paidsearch', 'paid_search', 'paid-search'), 'paid search',
        medium IN ('display', 'banner', 'cpm', 'expandable', 'interstitial'), 'display',
        medium IN ('video'), 'video',
        medium IN ('organic'), 'organic search',
        is_social OR medium IN ('social', 'social-network', 'social_network', 'sm'), 'organic social',
        medium IN ('referral', 'app', 'link'), 'referral',
        is_direct, 'direct',
        'other'
    ) AS channel,
    source,
    medium,
    campaign,
    is_direct
FROM
(
    SELECT
        seen.workspace_id AS workspace_id,
        seen.profile_id AS profile_id,
        seen.timestamp AS touched_at,
        seen.message_id AS message_id,
        lower(toString(seen.campaign_source)) AS given_source,
        lower(toString(seen.campaign_medium)) AS given_medium,
        -- campaign_name may name a campaign without a source.
        given_source != '' OR given_medium != '' OR seen.campaign_name != '' AS has_campaign,
        domainWithoutWWW(seen.page_referrer) AS referrer,
        domainWithoutWWW(seen.page_url) AS page_host,
        match(referrer, '(^|\\.)(google|bing|duckduckgo|yahoo|baidu|yandex|ecosia|qwant|startpage|naver)\\.') AS from_search,
        multiIf(
            seen.event = 'Email Link Clicked', 'email',
            seen.event = 'SMS Link Clicked', 'sms',
            seen.event = 'Push Notification Tapped', 'push',
            ''
        ) AS clicked,
        NOT has_campaign AND clicked = '' AND referrer = '' AS is_direct,
        multiIf(given_source != '', given_source, clicked != '', clicked, is_direct, '(direct)', has_campaign, '(not set)', referrer) AS source,
        multiIf(given_medium != '', given_medium, clicked != '', clicked, is_direct, '(none)', has_campaign, '(not set)', from_search, 'organic', 'referral') AS medium,
        toString(seen.campaign_name) AS campaign,
        match(source, '(^|\\.)(facebook|instagram|linkedin|lnkd|twitter|t\\.co$|x\\.com$|tiktok|pinterest|reddit|youtube|threads|mastodon|bluesky|bsky|snapchat|whatsapp|telegram|vk|weibo)(\\.|$)') OR source IN ('t.co', 'x.com', 'fb', 'ig') AS is_social
    FROM touchpoints AS seen
    WHERE (seen.event = '' AND seen.type IN ('page', 'screen'))
        OR (seen.event IN ('Email Link Clicked', 'SMS Link Clicked', 'Push Notification Tapped', 'Application Opened', 'Deep Link Opened', 'Install Attributed'))
)
WHERE has_campaign OR clicked != '' OR is_direct OR referrer != page_host
COMMENT 'What brought people: one row a touch, with the channel it came through'
