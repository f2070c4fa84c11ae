SELECT reporting_currency AS currency FROM workspace_settings WHERE workspace_id = {workspace:String}
