-- What a touchpoint says of what brought the person here is judged by itself alone, so it is judged once, when it is recorded.
-- Sources and media in small letters, grouped as Google Analytics 4 does.

ALTER TABLE touchpoints_by_profile
    ADD COLUMN IF NOT EXISTS is_touch Bool
        MATERIALIZED (event = '' AND type IN ('page', 'screen'))
            OR event IN ('Email Link Clicked', 'SMS Link Clicked', 'Push Notification Tapped', 'Application Opened', 'Deep Link Opened', 'Install Attributed')
        COMMENT 'It says what brought the person here: a page, a screen, or a click on a message',
    ADD COLUMN IF NOT EXISTS touch_source LowCardinality(String)
        MATERIALIZED multiIf(
            NOT is_touch, '',
            campaign_source != '', lower(campaign_source),
            event = 'Email Link Clicked', 'email',
            event = 'SMS Link Clicked', 'sms',
            event = 'Push Notification Tapped', 'push',
            campaign_medium != '' OR campaign_name != '', '(not set)',
            referrer_host != '', toString(referrer_host),
            '(direct)'
        )
        COMMENT 'Of a touch: utm_source, else email, sms or push for a click, else the host that led here, else (direct)',
    ADD COLUMN IF NOT EXISTS touch_medium LowCardinality(String)
        MATERIALIZED multiIf(
            NOT is_touch, '',
            campaign_medium != '', lower(campaign_medium),
            event = 'Email Link Clicked', 'email',
            event = 'SMS Link Clicked', 'sms',
            event = 'Push Notification Tapped', 'push',
            campaign_source != '' OR campaign_name != '', '(not set)',
            referrer_host = '', '(none)',
            match(referrer_host, '(^|\\.)(google|bing|duckduckgo|yahoo|baidu|yandex|ecosia|qwant|startpage|naver)\\.'), 'organic',
            'referral'
        )
        COMMENT 'Of a touch: utm_medium, else email, sms or push for a click, else organic, referral or (none)',
    ADD COLUMN IF NOT EXISTS touch_channel LowCardinality(String)
        MATERIALIZED multiIf(
            NOT is_touch, '',
            touch_source = '(direct)' AND campaign_source = '', 'direct',
            touch_medium IN ('email', 'e-mail', 'e_mail', 'newsletter') OR touch_source IN ('email', 'newsletter'), 'email',
            touch_medium IN ('sms', 'text') OR touch_source = 'sms', 'sms',
            touch_medium IN ('push', 'mobile', 'notification') OR endsWith(touch_medium, 'push'), 'push',
            touch_medium IN ('affiliate', 'affiliates'), 'affiliate',
            (match(touch_source, '(^|\\.)(facebook|instagram|linkedin|lnkd|twitter|tiktok|pinterest|reddit|youtube|threads|mastodon|bluesky|bsky|snapchat|whatsapp|telegram|vk|weibo)(\\.|$)')
                OR touch_source IN ('t.co', 'x.com', 'fb', 'ig')) AS is_social
                AND (startsWith(touch_medium, 'paid') OR startsWith(touch_medium, 'cp') OR touch_medium = 'ppc'), 'paid social',
            touch_medium IN ('paid_social', 'paid-social', 'paidsocial', 'social_paid'), 'paid social',
            touch_medium IN ('cpc', 'ppc', 'sem', 'paidsearch', 'paid_search', 'paid-search'), 'paid search',
            touch_medium IN ('display', 'banner', 'cpm', 'expandable', 'interstitial'), 'display',
            touch_medium = 'video', 'video',
            touch_medium = 'organic', 'organic search',
            is_social OR touch_medium IN ('social', 'social-network', 'social_network', 'sm'), 'organic social',
            touch_medium IN ('referral', 'app', 'link'), 'referral',
            'other'
        )
        COMMENT 'Of a touch: the channel it came through; empty for every other touchpoint',
    ADD COLUMN IF NOT EXISTS touch UInt128
        MATERIALIZED if(
            is_touch,
            bitOr(
                bitShiftLeft(toUInt128(greatest(toUnixTimestamp64Milli(timestamp), 0)), 64),
                toUInt128(bitAnd(cityHash64(touch_channel, touch_source, touch_medium, campaign_name), 18446744073709551614) + (touch_channel = 'direct'))
            ),
            0
        )
        COMMENT 'Of a touch, as one number: milliseconds since 1970 in the upper half, what brought the person in the lower one (odd when direct)';

-- The touches of a lone profile together, and what their numbers stand for, so that attribution gathers few rows instead of many.
ALTER TABLE touchpoints_by_profile
    ADD PROJECTION IF NOT EXISTS touches_of_profiles
    (
        SELECT workspace_id, lone_key, any(lone_profile_id), groupArrayIf(touch, is_touch)
        GROUP BY workspace_id, lone_key
    );

ALTER TABLE touchpoints_by_profile
    ADD PROJECTION IF NOT EXISTS touch_labels
    (
        SELECT workspace_id, touch_channel, touch_source, touch_medium, campaign_name
        GROUP BY workspace_id, touch_channel, touch_source, touch_medium, campaign_name
    );

-- When each lone profile was active, by month, for counting active people. The first and the last moment tell the months of any time zone.
ALTER TABLE touchpoints_by_profile
    ADD PROJECTION IF NOT EXISTS active_months
    (
        SELECT workspace_id, lone_key, toStartOfMonth(timestamp), min(timestamp), max(timestamp)
        GROUP BY workspace_id, lone_key, toStartOfMonth(timestamp)
    );

-- Merges and splits by either side, so that one person's are found without reading all.
ALTER TABLE identities
    ADD PROJECTION IF NOT EXISTS by_lone_key
    (
        SELECT workspace_id, lone_key, survivor_key, survivor_id, sequence
        ORDER BY lone_key
    );

ALTER TABLE identities
    ADD PROJECTION IF NOT EXISTS by_survivor_key
    (
        SELECT workspace_id, survivor_key, lone_key
        ORDER BY survivor_key
    );
