-- What the scripts of a session share. A session is one hash, so that it is whole or gone, whatever is evicted:
-- v the version; x the end in milliseconds since 1970, only where the events are here, too; e:SEQUENCE an event;
-- c:CATEGORY the numbers of its events, the oldest first; l:["CATEGORY","RESOURCE"] number and time of its latest.
-- A hash with v alone is a marker: it says that what is older than v must not be put here any more.
local key = KEYS[1]
local function version() return tonumber(redis.call('HGET', key, 'v') or '0') end
local function loaded() return redis.call('HEXISTS', key, 'x') == 1 end

local function live(expires, life)
  redis.call('HSET', key, 'x', expires)
  redis.call('PEXPIRE', key, life)
end

local function mark(number)
  redis.call('DEL', key)
  redis.call('HSET', key, 'v', number)
  redis.call('PEXPIRE', key, 60000)
end

-- Takes events as ARGV from a place on: number, category, category and resource, time, event.
local function add(from)
  local added = {}
  for place = from, #ARGV, 5 do
    local number, category = ARGV[place], ARGV[place + 1]
    redis.call('HSET', key, 'e:' .. number, ARGV[place + 4], 'l:' .. ARGV[place + 2], number .. ' ' .. ARGV[place + 3])
    if not added[category] then added[category] = { redis.call('HGET', key, 'c:' .. category) or nil } end
    table.insert(added[category], number)
  end
  for category, numbers in pairs(added) do redis.call('HSET', key, 'c:' .. category, table.concat(numbers, ',')) end
end
