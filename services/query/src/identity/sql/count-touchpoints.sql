SELECT
  profile_id AS "profileId",
  toUInt32(count()) AS touchpoints
FROM touchpoints
WHERE workspace_id = {workspaceId:String} AND profile_id IN {profileIds:Array(String)}
GROUP BY profile_id
