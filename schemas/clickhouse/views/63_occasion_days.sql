-- Each deal, referral, ticket or meeting counts once a day. Money of a deal is in the reporting currency, by the rate of its day; without a rate
-- it counts as none. Unnamed money is in the workspace's own currency.
CREATE OR REPLACE VIEW occasion_days
AS
WITH (SELECT mapFromArrays(groupArray(rate_key), groupArray(steps)) FROM exchange_rate_steps) AS rates
SELECT
    workspace_id,
    day,
    event,
    uniqExact(occasion) AS occasions,
    arraySum(
        mapValues(
            maxMap(
                map(
                    occasion,
                    multiIf(
                        given IS NULL, toDecimal128(0, 4),
                        named_currency = reporting_currency, toDecimal128(assumeNotNull(given), 4),
                        toDecimal128(
                            round(
                                toDecimal128(assumeNotNull(given), 4) * arrayLast(step -> step.1 <= toDate32(day), rates[concat(workspace_id, ' ', named_currency, ' ', reporting_currency)]).2,
                                4
                            ),
                            4
                        )
                    )
                )
            )
        )
    ) AS amount
FROM
(
    SELECT
        toString(happened.workspace_id) AS workspace_id,
        happened.day AS day,
        happened.event AS event,
        happened.occasion AS occasion,
        happened.amount AS given,
        if(happened.currency = '', settings.currency, happened.currency) AS named_currency,
        settings.reporting_currency AS reporting_currency
    FROM found_occasions AS happened
    LEFT ANY JOIN workspace_settings AS settings ON settings.workspace_id = happened.workspace_id
)
GROUP BY workspace_id, day, event
COMMENT 'One row a day and event. Meetings, deals, referrals and support tickets by day'
