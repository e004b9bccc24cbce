-- Stands before the scripts that look at a value. A sidecar is kept behind the SHA-1 of its document, so that a
-- document that another program wrote over ours is seen not to be the one that the sidecar tells of.
local function stored(key)
  local value = redis.pcall('GET', key)
  if type(value) == 'table' then return false end
  return value
end

-- What tells of a value: its version, its line of values, and for a document its sidecar. Without a version, the value
-- is not ours or cannot be read; a document without a true sidecar is `foreign`.
local function about(value, format, sidecar)
  if format == 'document' then
    local text = stored(sidecar)
    if not text or string.sub(text, 1, 40) ~= redis.sha1hex(value) then return { version = 'foreign', text = '' } end
    text = string.sub(text, 41)
    return { version = string.match(text, '^{"v":"([^"]*)"'), line = string.match(text, '"g":"([^"]*)"'), text = text }
  end
  if #value < 48 or string.sub(value, 1, 3) ~= 'RP\2' then return { text = '' } end
  local version, line = string.byte(value, 41, 42)
  return {
    version = string.sub(value, 49, 48 + version),
    line = line > 0 and string.sub(value, 49 + version, 48 + version + line) or nil,
    text = ''
  }
end

