TRUNCATE profile.profiles, profile.orders, profile.consent_history
