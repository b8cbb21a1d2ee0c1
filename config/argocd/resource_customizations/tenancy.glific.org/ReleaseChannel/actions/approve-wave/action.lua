-- Waves open in order, so the one that waits is the one after the last that is open.
local open = 0
for i, wave in ipairs(obj.spec.waves) do
  if obj.status.wave == wave.name then
    open = i
  end
end
if obj.spec.waves[open + 1] == nil then
  error("every wave is open already")
end
if obj.metadata.annotations == nil then
  obj.metadata.annotations = {}
end
obj.metadata.annotations["tenancy.glific.org/approve"] = obj.spec.waves[open + 1].name .. "@" .. obj.status.release
return obj
