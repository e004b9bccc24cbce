-- Forgets marks at or below a floor. Guarantees that the floor is up in the same moment, so that a value that such
-- a mark would have refused is refused by the floor; it never goes down, nor past the log.
-- KEYS[1] hash, KEYS[2] log, KEYS[3] mirror; ARGV[1] name of the era to begin, [2] floor.
local head = current()
local floor = math.min(tonumber(ARGV[2]), head.n)
if floor > head.floor then
  head.floor = floor
  redis.call('HSET', KEYS[1], 'floor', floor)
  local cursor = '0'
  repeat
    local page = redis.call('HSCAN', KEYS[1], cursor, 'MATCH', 'm:*', 'COUNT', 1000)
    cursor = page[1]
    for index = 1, #page[2], 2 do
      if tonumber(page[2][index + 1]) <= floor then redis.call('HDEL', KEYS[1], page[2][index]) end
    end
  until cursor == '0'
end
show(head)
return 1
