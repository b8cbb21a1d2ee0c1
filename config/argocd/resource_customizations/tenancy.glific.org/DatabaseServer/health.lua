-- Conditions as kstatus reads them: Ready, Reconciling and Stalled, made anew in every pass.
local hs = { status = "Progressing", message = "Waiting for the organisation operator" }
local conditions = {}
if obj.status ~= nil and obj.status.conditions ~= nil then
  for _, condition in ipairs(obj.status.conditions) do
    conditions[condition.type] = condition
  end
end
local ready = conditions.Ready

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
if ready ~= nil then
  hs.message = ready.message
  if ready.status == "True" then
    hs.status = "Healthy"
  end
end
return hs
