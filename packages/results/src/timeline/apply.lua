-- An append that the database has committed. Guarantees that the hash moves only from the very state that the append
-- began from; from any other older state it becomes a marker, and the next read brings the session from the database.
-- An append that arrives late, or after a removal, changes nothing.
-- KEYS[1] session; ARGV[1] version before, 0 for a session that begins, [2] version after, [3] end in milliseconds,
-- [4] remaining life in milliseconds, [5] numbers of events that made room, each followed by a comma, [6] on: events.
local held = version()
if held >= tonumber(ARGV[2]) then return 0 end
if ARGV[1] == '0' then
  redis.call('DEL', key)
elseif held ~= tonumber(ARGV[1]) or not loaded() then
  mark(ARGV[2])
  return 0
end
add(6)
if ARGV[5] ~= '' then
  local trimmed = {}
  for number in string.gmatch(ARGV[5], '%d+') do
    trimmed[number] = true
    redis.call('HDEL', key, 'e:' .. number)
  end
  local seen = {}
  for place = 7, #ARGV, 5 do
    local field = 'c:' .. ARGV[place]
    if not seen[field] then
      seen[field] = true
      local kept = {}
      for number in string.gmatch(redis.call('HGET', key, field), '%d+') do
        if not trimmed[number] then kept[#kept + 1] = number end
      end
      redis.call('HSET', key, field, table.concat(kept, ','))
    end
  end
end
redis.call('HSET', key, 'v', ARGV[2])
live(ARGV[3], ARGV[4])
return 1
