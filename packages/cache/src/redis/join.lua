-- The head as in head.lua, and every mark in force at that very moment.
-- KEYS[1] hash, KEYS[2] log, KEYS[3] mirror; ARGV[1] name of the era to begin.
-- Answers { era, n, floor, run, seconds, microseconds, { field, value, ... } }; a mark's field begins with `m:`.
local head = current()
show(head)
local time = redis.call('TIME')
return { head.era, head.n, head.floor, head.run, time[1], time[2], redis.call('HGETALL', KEYS[1]) }
