CREATE TABLE IF NOT EXISTS recorded_orders
(
    workspace_id LowCardinality(String) COMMENT 'Workspace that recorded it',
    lone_key UInt128 DEFAULT reinterpretAsUInt128(sipHash128(toString(workspace_id), lone_profile_id)) COMMENT 'Key of lone_profile_id',
    order_key UInt128 DEFAULT reinterpretAsUInt128(sipHash128(toString(workspace_id), order_id)) COMMENT 'Key of order_id',
    lone_profile_id String COMMENT 'Profile of its leading identifier taken alone',
    kind LowCardinality(String) COMMENT 'order (Order Completed) or refund (Order Refunded)',
    order_id String COMMENT 'properties.order_id; the message_id when none was given',
    message_id String COMMENT 'Touchpoint that said so',
    source_id LowCardinality(String) COMMENT 'Source that sent it',
    timestamp DateTime64(3, 'UTC') COMMENT 'Event time',
    received_at DateTime64(3, 'UTC') COMMENT 'Time of the log',
    imported Bool COMMENT 'Imported history',
    total Nullable(Decimal(18, 4)) COMMENT 'properties.total, else revenue, else value',
    currency LowCardinality(String) COMMENT 'Currency of all money of this row; empty when not given',
    discount Nullable(Decimal(18, 4)) COMMENT 'properties.discount',
    shipping Nullable(Decimal(18, 4)) COMMENT 'properties.shipping',
    tax Nullable(Decimal(18, 4)) COMMENT 'properties.tax',
    coupon LowCardinality(String) COMMENT 'properties.coupon: the offer that was taken',
    country LowCardinality(String) COMMENT 'Country, where given',
    campaign_name LowCardinality(String) COMMENT 'utm_campaign',
    campaign_source LowCardinality(String) COMMENT 'utm_source',
    campaign_medium LowCardinality(String) COMMENT 'utm_medium',
    products Nested
    (
        product_id String,
        sku String,
        name String,
        category String,
        brand String,
        variant String,
        coupon String,
        quantity Decimal(18, 4),
        price Nullable(Decimal(18, 4)),
        cost Nullable(Decimal(18, 4))
    ) COMMENT 'properties.products: lines of the order; price and cost of one unit',
    properties String COMMENT 'All properties as JSON',
    log_partition UInt32 COMMENT 'Partition on the topic touchpoints',
    log_offset UInt64 COMMENT 'Offset on the topic touchpoints'
)
ENGINE = MergeTree
ORDER BY (workspace_id, lone_key, timestamp)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Order Completed and Order Refunded as they were recorded. Ask the views orders, refunds and order_lines';
