-- The end of a session after it was slid in the database. Guarantees that the state it was slid for is the one here,
-- and that an end never comes nearer.
-- KEYS[1] session; ARGV[1] version, [2] end in milliseconds, [3] remaining life in milliseconds.
if version() ~= tonumber(ARGV[1]) or not loaded() then return 0 end
if tonumber(redis.call('HGET', key, 'x')) < tonumber(ARGV[2]) then live(ARGV[2], ARGV[3]) end
return 1
