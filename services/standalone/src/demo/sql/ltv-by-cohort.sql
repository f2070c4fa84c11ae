-- What a customer of each monthly cohort has brought, net of refunds, by months since the first order.
SELECT
    toString(cohort_month) AS cohortMonth,
    toUInt32(age_months) AS ageMonths,
    toUInt32(customers) AS customers,
    toFloat64(ltv) AS ltv
FROM ltv_by_cohort_monthly
ORDER BY cohort_month, age_months
