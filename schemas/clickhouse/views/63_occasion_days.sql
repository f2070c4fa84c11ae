-- Each deal, referral, ticket or meeting counts once a day. Money of a deal is properties.amount, in the reporting currency or unnamed.
CREATE OR REPLACE VIEW occasion_days
AS
SELECT
    happened.workspace_id AS workspace_id,
    happened.day AS day,
    happened.event AS event,
    uniqExact(happened.occasion) AS occasions,
    arraySum(
        mapValues(
            maxMap(
                map(
                    happened.occasion,
                    if(
                        happened.event = 'Deal Won' AND happened.currency IN ('', settings.reporting_currency),
                        toDecimal128(ifNull(toDecimal64OrNull(JSONExtractString(happened.properties, 'amount'), 4), 0), 4),
                        toDecimal128(0, 4)
                    )
                )
            )
        )
    ) AS amount
FROM found_occasions AS happened
LEFT ANY JOIN workspace_settings AS settings ON settings.workspace_id = happened.workspace_id
GROUP BY workspace_id, day, event
COMMENT 'Meetings, deals, referrals and support tickets by day'
