CREATE OR REPLACE VIEW subscription_churn_monthly
AS
SELECT
    workspace_id,
    currency,
    month,
    toUInt64(countIf(amount_at_start > 0)) AS active_at_start,
    toUInt64(countIf(amount_at_start = 0 AND amount_at_end > 0 AND NOT was_active_before)) AS started,
    toUInt64(countIf(amount_at_start = 0 AND amount_at_end > 0 AND was_active_before)) AS reactivated,
    toUInt64(countIf(amount_at_start > 0 AND amount_at_end = 0 AND ifNull(cancelled_voluntarily, false))) AS churned_voluntary,
    toUInt64(countIf(amount_at_start > 0 AND amount_at_end = 0 AND NOT ifNull(cancelled_voluntarily, true))) AS churned_involuntary,
    toUInt64(countIf(amount_at_start > 0 AND amount_at_end = 0 AND cancelled_voluntarily IS NULL)) AS churned_unknown,
    toUInt64(countIf(amount_at_end > 0)) AS active_at_end,
    if(active_at_start = 0, 0, (churned_voluntary + churned_involuntary + churned_unknown) / active_at_start) AS logo_churn_rate,
    sum(amount_at_start) AS mrr_at_start,
    sumIf(amount_at_end, amount_at_start = 0 AND NOT was_active_before) AS mrr_new,
    sumIf(amount_at_end, amount_at_start = 0 AND was_active_before) AS mrr_reactivated,
    sumIf(amount_at_end - amount_at_start, amount_at_start > 0 AND amount_at_end > amount_at_start) AS mrr_expansion,
    sumIf(amount_at_start - amount_at_end, amount_at_end > 0 AND amount_at_end < amount_at_start) AS mrr_contraction,
    sumIf(amount_at_start, amount_at_end = 0) AS mrr_churned,
    sum(amount_at_end) AS mrr_at_end,
    if(mrr_at_start = 0, 0, toFloat64(mrr_churned) / toFloat64(greatest(mrr_at_start, toDecimal128('0.0001', 4)))) AS revenue_churn_rate,
    if(mrr_at_start = 0, 0, toFloat64(mrr_at_start - mrr_churned - mrr_contraction) / toFloat64(greatest(mrr_at_start, toDecimal128('0.0001', 4)))) AS gross_revenue_retention,
    if(mrr_at_start = 0, 0, toFloat64(mrr_at_start - mrr_churned - mrr_contraction + mrr_expansion) / toFloat64(greatest(mrr_at_start, toDecimal128('0.0001', 4)))) AS net_revenue_retention,
    toUInt64(countIf(failed_payments > 0)) AS with_failed_payment,
    toUInt64(countIf(failed_payments > 0 AND amount_at_end > 0 AND renewals > 0)) AS recovered_payments,
    if(with_failed_payment = 0, 0, recovered_payments / with_failed_payment) AS recovery_rate,
    toUInt64(countIf(amount_at_start > 0 AND renewals > 0)) AS renewed,
    if(renewed + churned_voluntary + churned_involuntary + churned_unknown = 0, 0, renewed / (renewed + churned_voluntary + churned_involuntary + churned_unknown)) AS renewal_rate
FROM subscription_months
GROUP BY workspace_id, currency, month
COMMENT 'One row a currency and month. Churn of subscriptions by month: how many and how much, voluntary and involuntary, won back, recovered payments, renewal rate (renewed of renewed and churned)'
