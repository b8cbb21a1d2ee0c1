if obj.metadata.annotations == nil then
  obj.metadata.annotations = {}
end
local reason = "held in Argo CD"
if actionParams ~= nil and actionParams["reason"] ~= nil and actionParams["reason"] ~= "" then
  reason = actionParams["reason"]
end
obj.metadata.annotations["tenancy.glific.org/hold"] = reason
return obj
