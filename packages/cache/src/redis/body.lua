-- Stands before the scripts that look at a value. A sidecar is kept behind the SHA-1 of its document, so that a
-- document that another program wrote over ours is seen not to be the one that the sidecar tells of.
local function stored(key)
  local value = redis.pcall('GET', key)
  if type(value) == 'table' then return false end
  return value
end

-- What tells of a value: the header of a frame, the sidecar of a document; '' where there is nothing or no longer the truth.
local function about(value, format, sidecar)
  if format == 'document' then
    local text = stored(sidecar)
    if text and string.sub(text, 1, 40) == redis.sha1hex(value) then return string.sub(text, 41) end
    return ''
  end
  if string.sub(value, 1, 2) ~= 'RP' or #value < 8 then return '' end
  return string.sub(value, 9, 8 + struct.unpack('>I4', string.sub(value, 5, 8)))
end

-- Whether a header is of this version, which stands in its first 64 bytes; a document without a sidecar is `foreign`.
local function is_version(header, format, version)
  if header == '' then return format == 'document' and version == 'foreign' end
  return string.find(string.sub(header, 1, 64 + #version), '"v":"' .. version .. '"', 1, true) ~= nil
end

