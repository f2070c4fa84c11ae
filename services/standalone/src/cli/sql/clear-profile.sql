TRUNCATE profile.profiles, profile.parts, profile.orders, profile.order_parts, profile.consent_history,
  profile.search_keys, profile.accounts
