-- Where the log stands, and the server's time. Guarantees that an era is there and that the mirror shows the head.
-- KEYS[1] hash, KEYS[2] log, KEYS[3] mirror; ARGV[1] name of the era to begin.
-- Answers { era, n, floor, run, seconds, microseconds }.
local head = current()
show(head)
local time = redis.call('TIME')
return { head.era, head.n, head.floor, head.run, time[1], time[2] }
