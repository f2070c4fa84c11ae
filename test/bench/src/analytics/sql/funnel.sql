SELECT step, people
FROM funnel(workspace = 'default', steps = ['Product Viewed', 'Product Added', 'Checkout Started', 'Order Completed'], window_seconds = 604800, exclude = [], breakdown = '', from = '2024-01-01 00:00:00', to = '2027-01-01 00:00:00')
ORDER BY step
