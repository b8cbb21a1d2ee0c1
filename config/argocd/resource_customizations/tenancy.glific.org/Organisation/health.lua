-- Conditions as kstatus reads them: Ready, Reconciling and Stalled, made anew in every pass.
local hs = { status = "Progressing", message = "Waiting for the organisation operator" }
local conditions = {}
if obj.status ~= nil and obj.status.conditions ~= nil then
  for _, condition in ipairs(obj.status.conditions) do
    conditions[condition.type] = condition
  end
end
local ready, upToDate = conditions.Ready, conditions.UpToDate

if obj.metadata.deletionTimestamp ~= nil then
  hs.message = "Being deleted"
  if ready ~= nil and ready.status ~= "True" then
    hs.message = ready.message
  end
  return hs
end

-- An answer to an earlier spec says nothing about this one.
if obj.status == nil or obj.status.observedGeneration ~= obj.metadata.generation then
  return hs
end

if conditions.Stalled ~= nil and conditions.Stalled.status == "True" then
  return { status = "Degraded", message = conditions.Stalled.message }
end
if conditions.Reconciling ~= nil and conditions.Reconciling.status == "True" then
  hs.message = conditions.Reconciling.message
  return hs
end
if obj.spec ~= nil and obj.spec.power == "Suspended" then
  return { status = "Suspended", message = "spec.power is Suspended" }
end
if ready == nil then
  return hs
end
if ready.status == "True" then
  hs.status = "Healthy"
elseif ready.reason == "Held" then
  hs.status = "Suspended"
end
hs.message = ready.message

-- It serves; what waits for its wave or a restart is told, and is no fault.
if hs.status == "Healthy" and upToDate ~= nil and upToDate.status == "False" then
  hs.message = upToDate.message
end
return hs
