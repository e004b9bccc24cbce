-- Stands before the scripts that look at a lease, which is `until|digest|token`: the end in the server's
-- milliseconds, the SHA-1 of the document that was there when it was given ('' for none and for entries). The key
-- outlives the lease by a grace time, so that an expired token that nobody took can still be told from a broken one.
local function server_now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function lease_of(key)
  local text = redis.call('GET', key)
  if not text then return nil end
  local till, digest, token = string.match(text, '^(%d+)|(%x*)|(.*)$')
  return { till = tonumber(till), digest = digest, token = token }
end

local function give(key, token, digest, length, grace)
  local till = server_now() + length
  redis.call('SET', key, till .. '|' .. digest .. '|' .. token, 'PX', length + grace)
end

