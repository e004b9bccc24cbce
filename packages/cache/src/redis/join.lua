-- The head as in head.lua, every mark in force at that very moment, and the last records.
-- KEYS[1] hash, KEYS[2] log, KEYS[3] mirror; ARGV[1] name of the era to begin, [2] how many records.
-- Answers { era, n, floor, run, seconds, microseconds, { field, value, ... }, records }; a mark's field begins with
-- `m:`, and records come the newest first.
local head = current()
show(head)
local time = redis.call('TIME')
local late = {}
if ARGV[2] ~= '0' then late = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', ARGV[2]) end
return { head.era, head.n, head.floor, head.run, time[1], time[2], redis.call('HGETALL', KEYS[1]), late }
