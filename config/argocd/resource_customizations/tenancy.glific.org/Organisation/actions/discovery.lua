local held = obj.metadata.annotations ~= nil and obj.metadata.annotations["tenancy.glific.org/hold"] ~= nil
local stalled = false
if obj.status ~= nil and obj.status.conditions ~= nil then
  for _, condition in ipairs(obj.status.conditions) do
    stalled = stalled or (condition.type == "Stalled" and condition.status == "True")
  end
end
local suspended = obj.spec ~= nil and obj.spec.power == "Suspended"

local actions = {}
actions["hold"] = {
  ["disabled"] = held,
  ["displayName"] = "Hold: stop every change",
  ["iconClass"] = "fa fa-fw fa-hand-paper",
  ["params"] = { { ["name"] = "reason" } },
}
actions["release"] = {
  ["disabled"] = not held,
  ["displayName"] = "Release the hold",
  ["iconClass"] = "fa fa-fw fa-play",
}
actions["retry"] = {
  ["disabled"] = held or not stalled,
  ["displayName"] = "Retry what failed",
  ["iconClass"] = "fa fa-fw fa-redo",
}
actions["restart"] = {
  ["disabled"] = held or suspended,
  ["displayName"] = "Restart, and put pending changes in force",
  ["iconClass"] = "fa fa-fw fa-power-off",
}
actions["reconcile"] = {
  ["disabled"] = false,
  ["displayName"] = "Have a look now",
  ["iconClass"] = "fa fa-fw fa-sync",
}
return actions
