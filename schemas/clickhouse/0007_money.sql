-- Definitions of a workspace, written whole whenever they are read: the newest loaded_at is what holds.

CREATE TABLE IF NOT EXISTS loaded_exchange_rates
(
    workspace_id LowCardinality(String) COMMENT 'Workspace',
    currency LowCardinality(String) COMMENT 'ISO 4217 code of the currency that is converted',
    valid_from Date32 COMMENT 'First day, in the time zone of the workspace, that the rate holds; it holds until the next one',
    to_currency LowCardinality(String) COMMENT 'Currency that it is converted into',
    rate Decimal(18, 8) COMMENT 'What one unit of currency is worth in to_currency',
    loaded_at DateTime64(3, 'UTC') COMMENT 'When the definitions were read'
)
ENGINE = MergeTree
ORDER BY (workspace_id, currency, valid_from)
COMMENT 'Exchange rates that are declared in deploy/definitions/money';

CREATE TABLE IF NOT EXISTS loaded_costs
(
    workspace_id LowCardinality(String) COMMENT 'Workspace',
    kind LowCardinality(String) COMMENT 'acquisition or product',
    valid_from Date32 COMMENT 'First day, in the time zone of the workspace',
    valid_to Date32 COMMENT 'Last day; of a product cost the end of time',
    source LowCardinality(String) COMMENT 'Acquisition: utm_source, or host of the referrer, that it was spent on',
    medium LowCardinality(String) COMMENT 'Acquisition: utm_medium; empty for all',
    campaign LowCardinality(String) COMMENT 'Acquisition: utm_campaign; empty for all',
    product_id String COMMENT 'Product: what one unit of it costs us',
    amount Decimal(18, 4) COMMENT 'Money spent over all these days, or cost of one unit',
    currency LowCardinality(String) COMMENT 'Currency of amount',
    loaded_at DateTime64(3, 'UTC') COMMENT 'When the definitions were read'
)
ENGINE = MergeTree
ORDER BY (workspace_id, kind, valid_from)
COMMENT 'Costs of acquisition and of products that are declared in deploy/definitions/money';

ALTER TABLE workspaces
    ADD COLUMN IF NOT EXISTS session_minutes UInt16 DEFAULT 30
        COMMENT 'A pause of this length ends a session'
        AFTER currency,
    ADD COLUMN IF NOT EXISTS lapse_days UInt16 DEFAULT 90
        COMMENT 'A customer without an order for so many days has lapsed'
        AFTER session_minutes;
