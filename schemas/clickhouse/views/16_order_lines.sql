-- A line without a price is valued by nothing; one without a cost of its own takes the declared cost of its product on that day,
-- where that is in the same currency; an order without a currency is in the workspace's own.
CREATE OR REPLACE VIEW order_lines
AS
WITH
    (SELECT mapFromArrays(groupArray(workspace_id), groupArray((currency, reporting_currency))) FROM workspace_settings) AS settings,
    (SELECT mapFromArrays(groupArray(rate_key), groupArray(steps)) FROM exchange_rate_steps) AS rates
SELECT
    line.workspace_id AS workspace_id,
    line.order_id AS order_id,
    line.line_number AS line_number,
    line.profile_id AS profile_id,
    line.ordered_at AS ordered_at,
    line.ordered_on AS ordered_on,
    line.product_id AS product_id,
    line.sku AS sku,
    line.name AS name,
    line.category AS category,
    line.brand AS brand,
    line.variant AS variant,
    line.coupon AS coupon,
    line.quantity AS quantity,
    line.price AS price,
    CAST(round(line.quantity * toDecimal128(line.price, 4), 4), 'Nullable(Decimal(38, 4))') AS amount,
    line.currency AS currency,
    CAST(
        multiIf(
            (coalesce(nullIf(toString(line.currency), ''), settings[toString(line.workspace_id)].1) AS named_currency) = (settings[toString(line.workspace_id)].2 AS reporting_currency), amount,
            (arrayLast(step -> step.1 <= toDate32(line.ordered_on), rates[concat(toString(line.workspace_id), ' ', named_currency, ' ', reporting_currency)]).2 AS rate) > 0, toDecimal128(round(amount * rate, 4), 4),
            NULL
        ),
        'Nullable(Decimal(38, 4))'
    ) AS reported_amount,
    if(line.cost IS NULL AND declared.product_id != '' AND declared.currency = coalesce(nullIf(toString(line.currency), ''), settings[toString(line.workspace_id)].1), declared.cost, line.cost) AS unit_cost,
    CAST(round(line.quantity * toDecimal128(unit_cost, 4), 4), 'Nullable(Decimal(38, 4))') AS cost
FROM
(
    SELECT
        workspace_id,
        order_id,
        toUInt32(number) AS line_number,
        profile_id,
        timestamp AS ordered_at,
        day AS ordered_on,
        each_product_id AS product_id,
        each_sku AS sku,
        each_name AS name,
        each_category AS category,
        each_brand AS brand,
        each_variant AS variant,
        each_coupon AS coupon,
        each_quantity AS quantity,
        each_price AS price,
        each_cost AS cost,
        currency,
        toDate32(day) AS cost_day
    FROM order_facts
    ARRAY JOIN
        arrayEnumerate(product_ids) AS number,
        product_ids AS each_product_id,
        skus AS each_sku,
        product_names AS each_name,
        categories AS each_category,
        brands AS each_brand,
        variants AS each_variant,
        line_coupons AS each_coupon,
        quantities AS each_quantity,
        prices AS each_price,
        costs AS each_cost
    WHERE kind = 'order'
) AS line
ASOF LEFT JOIN product_costs AS declared
    ON declared.workspace_id = line.workspace_id
    AND declared.product_id = line.product_id
    AND declared.valid_from <= line.cost_day
COMMENT 'One row a product of an order; price and cost of one unit, amount and cost of the line, in the currency of the order; reported_amount in that of the workspace'
