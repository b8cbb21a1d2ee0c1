if obj.metadata.annotations ~= nil then
  obj.metadata.annotations["tenancy.glific.org/hold"] = nil
end
return obj
