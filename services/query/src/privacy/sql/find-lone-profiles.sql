SELECT profile_id
FROM profile_survivors
WHERE workspace_id = {workspaceId:String} AND survivor_id = {profileId:String}
