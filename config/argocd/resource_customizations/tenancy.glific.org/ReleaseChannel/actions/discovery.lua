local held = obj.metadata.annotations ~= nil and obj.metadata.annotations["tenancy.glific.org/hold"] ~= nil
local waits = false
if obj.status ~= nil and obj.status.conditions ~= nil and obj.status.observedGeneration == obj.metadata.generation then
  for _, condition in ipairs(obj.status.conditions) do
    waits = waits or (condition.type == "Ready" and condition.reason == "WaitingForApproval")
  end
end

local actions = {}
actions["hold"] = {
  ["disabled"] = held,
  ["displayName"] = "Hold: give no more slots",
  ["iconClass"] = "fa fa-fw fa-hand-paper",
  ["params"] = { { ["name"] = "reason" } },
}
actions["release"] = {
  ["disabled"] = not held,
  ["displayName"] = "Release the hold",
  ["iconClass"] = "fa fa-fw fa-play",
}
actions["approve-wave"] = {
  ["disabled"] = not waits,
  ["displayName"] = "Approve the next wave",
  ["iconClass"] = "fa fa-fw fa-check",
}
return actions
