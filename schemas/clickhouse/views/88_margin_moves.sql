-- What is given back takes the same share of the margin with it as it takes of the money: the goods come back, or were never sent.
-- A rate converts margin as it converts the money. The margin of an order without money is only known in its own currency.
CREATE OR REPLACE VIEW margin_moves
AS
SELECT
    moved.workspace_id AS workspace_id,
    moved.person_key AS person_key,
    moved.profile_id AS profile_id,
    moved.kind AS kind,
    moved.order_id AS order_id,
    moved.day AS day,
    moved.currency AS currency,
    moved.amount AS amount,
    CAST(
        multiIf(
            known.margin IS NULL, NULL,
            known.total != 0, toDecimal128(divideDecimal(toDecimal256(moved.amount, 4) * toDecimal256(known.margin, 4), toDecimal256(known.total, 4), 4), 4),
            moved.kind = 'order' AND known.currency IN ('', moved.currency), known.margin,
            NULL
        ),
        'Nullable(Decimal(38, 4))'
    ) AS margin
FROM money_moves AS moved
LEFT ANY JOIN order_margins AS known ON known.workspace_id = moved.workspace_id AND known.order_id = moved.order_id
WHERE moved.is_reported
COMMENT 'One row an order or refund. Orders (positive) and refunds (negative) in the reporting currency with their margin; margin is null where the cost of a product is not known'
