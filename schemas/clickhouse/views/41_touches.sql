-- A touch is a touchpoint that says what brought the person here. It is judged by itself alone, so a late one changes nothing else:
-- a click on a message; a page or screen with a campaign; a page that another site led to; any other page or screen (direct).
-- Most direct ones go on with a visit, and paths leave them out. Sources and media in small letters, grouped as Google Analytics 4 does.
CREATE OR REPLACE VIEW touches
AS
SELECT
    workspace_id,
    person_key,
    profile_id,
    touched_at,
    message_id,
    multiIf(
        is_direct, 'direct',
        medium IN ('email', 'e-mail', 'e_mail', 'newsletter') OR source IN ('email', 'newsletter'), 'email',
        medium IN ('sms', 'text') OR source = 'sms', 'sms',
        medium IN ('push', 'mobile', 'notification') OR endsWith(medium, 'push'), 'push',
        medium IN ('affiliate', 'affiliates'), 'affiliate',
        is_social AND (startsWith(medium, 'paid') OR startsWith(medium, 'cp') OR medium = 'ppc'), 'paid social',
        medium IN ('paid_social', 'paid-social', 'paidsocial', 'social_paid'), 'paid social',
        medium IN ('cpc', 'ppc', 'sem', 'paidsearch', 'paid_search', 'paid-search'), 'paid search',
        medium IN ('display', 'banner', 'cpm', 'expandable', 'interstitial'), 'display',
        medium = 'video', 'video',
        medium = 'organic', 'organic search',
        is_social OR medium IN ('social', 'social-network', 'social_network', 'sm'), 'organic social',
        medium IN ('referral', 'app', 'link'), 'referral',
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
        seen.person_key AS person_key,
        seen.profile_id AS profile_id,
        seen.timestamp AS touched_at,
        seen.message_id AS message_id,
        seen.campaign_source != '' OR seen.campaign_medium != '' OR seen.campaign_name != '' AS has_campaign,
        multiIf(
            seen.event = 'Email Link Clicked', 'email',
            seen.event = 'SMS Link Clicked', 'sms',
            seen.event = 'Push Notification Tapped', 'push',
            ''
        ) AS clicked,
        NOT has_campaign AND clicked = '' AND seen.referrer_host = '' AS is_direct,
        multiIf(
            seen.campaign_source != '', lower(seen.campaign_source),
            clicked != '', clicked,
            is_direct, '(direct)',
            has_campaign, '(not set)',
            toString(seen.referrer_host)
        ) AS source,
        multiIf(
            seen.campaign_medium != '', lower(seen.campaign_medium),
            clicked != '', clicked,
            is_direct, '(none)',
            has_campaign, '(not set)',
            match(seen.referrer_host, '(^|\\.)(google|bing|duckduckgo|yahoo|baidu|yandex|ecosia|qwant|startpage|naver)\\.'), 'organic',
            'referral'
        ) AS medium,
        toString(seen.campaign_name) AS campaign,
        NOT is_direct
            AND (match(source, '(^|\\.)(facebook|instagram|linkedin|lnkd|twitter|tiktok|pinterest|reddit|youtube|threads|mastodon|bluesky|bsky|snapchat|whatsapp|telegram|vk|weibo)(\\.|$)')
                OR source IN ('t.co', 'x.com', 'fb', 'ig')) AS is_social
    FROM timeline AS seen
    WHERE (seen.event = '' AND seen.type IN ('page', 'screen'))
        OR seen.event IN ('Email Link Clicked', 'SMS Link Clicked', 'Push Notification Tapped', 'Application Opened', 'Deep Link Opened', 'Install Attributed')
)
COMMENT 'What brought people: one row a touch, with the channel it came through'
