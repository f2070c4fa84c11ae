-- A person of several segments is a member of several cohorts. People count from the day they signed up (else were known first) where
-- the cohort is by sign-up, source or campaign; from the first order for first-purchase, first-product and offer; from the entry for segment.
CREATE OR REPLACE VIEW cohort_members
AS
SELECT
    person_key,
    profile_id,
    label AS cohort,
    started_on,
    toDate(dateTrunc({period:String}, started_on)) AS cohort_start,
    order_days
FROM
(
    SELECT
        person_key,
        profile_id,
        multiIf({by:String} = 'first-product', first_product, {by:String} = 'offer', first_offer, '') AS label,
        first_order_on AS started_on,
        order_days
    FROM customers
    WHERE {by:String} IN ('first-purchase', 'first-product', 'offer') AND workspace_id = {workspace:String}
    UNION ALL
    SELECT
        seen.person_key,
        seen.profile_id,
        multiIf({by:String} = 'source', seen.acquisition_source, {by:String} = 'campaign', seen.acquisition_campaign, '') AS label,
        toDate(least(seen.signed_up, seen.identified), coalesce(nullIf((SELECT any(time_zone) FROM workspace_zones WHERE workspace_id = {workspace:String}), ''), 'UTC')) AS started_on,
        bought.order_days AS order_days
    FROM people_seen AS seen
    LEFT ANY JOIN
    (
        SELECT person_key, uniqExact(day) AS order_days
        FROM order_facts
        WHERE kind = 'order'
        GROUP BY person_key
    ) AS bought ON bought.person_key = seen.person_key
    WHERE {by:String} IN ('sign-up', 'source', 'campaign') AND seen.workspace_id = {workspace:String} AND seen.is_person
    UNION ALL
    SELECT
        entered.person_key AS person_key,
        entered.profile_id AS profile_id,
        entered.segment_id AS label,
        toDate(entered.entered_at, coalesce(nullIf((SELECT any(time_zone) FROM workspace_zones WHERE workspace_id = {workspace:String}), ''), 'UTC')) AS started_on,
        bought.order_days AS order_days
    FROM
    (
        SELECT
            coalesce(nullIf(survivor.survivor_id, ''), changed.profile_id) AS profile_id,
            reinterpretAsUInt128(sipHash128({workspace:String}, profile_id)) AS person_key,
            toString(changed.segment_id) AS segment_id,
            min(changed.timestamp) AS entered_at
        FROM memberships AS changed
        LEFT ANY JOIN profile_survivors AS survivor ON survivor.workspace_id = changed.workspace_id AND survivor.profile_id = changed.profile_id
        WHERE changed.workspace_id = {workspace:String} AND changed.change = 'entered'
        GROUP BY profile_id, segment_id
    ) AS entered
    LEFT ANY JOIN
    (
        SELECT person_key, uniqExact(day) AS order_days
        FROM order_facts
        WHERE kind = 'order'
        GROUP BY person_key
    ) AS bought ON bought.person_key = entered.person_key
    WHERE {by:String} = 'segment'
)
WHERE (SELECT throwIf({by:String} NOT IN ('first-purchase', 'sign-up', 'source', 'campaign', 'first-product', 'offer', 'segment'), 'by must be first-purchase, sign-up, source, campaign, first-product, offer or segment')) = 0
COMMENT 'One row a person and cohort. Who belongs to which cohort. Parameters: workspace, by (first-purchase, sign-up, source, campaign, first-product, offer, segment), period (day, week, month, quarter)'
