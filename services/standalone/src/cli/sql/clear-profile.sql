TRUNCATE profile.profiles, profile.orders
