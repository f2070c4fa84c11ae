SELECT count() AS people
FROM experiment_exposures
WHERE workspace_id = {workspace:String}
    AND experiment_id = {experiment:String}
    AND is_mixed
    AND exposed_at >= {from:DateTime64(3, 'UTC')}
    AND exposed_at < {to:DateTime64(3, 'UTC')}
