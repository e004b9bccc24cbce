-- A session as it was read from the database, with its remaining life. Guarantees that it never takes the place of a
-- newer state, nor comes back after a removal.
-- KEYS[1] session; ARGV[1] version, [2] end in milliseconds, [3] remaining life in milliseconds, [4] on: its events.
local held = version()
if held > tonumber(ARGV[1]) or (held == tonumber(ARGV[1]) and loaded()) then return 0 end
redis.call('DEL', key)
redis.call('HSET', key, 'v', ARGV[1])
add(4)
live(ARGV[2], ARGV[3])
return 1
