-- One row a known person; guests are left out.
SELECT
    workspace_id,
    profile_id,
    first_seen_at,
    acquisition_source,
    acquisition_campaign,
    order_count,
    first_order_at,
    last_order_at,
    net_revenue
FROM {{ source('rapport', 'profiles') }}
WHERE is_person
