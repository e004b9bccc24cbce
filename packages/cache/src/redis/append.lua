-- One more record. Guarantees that numbers of an era are contiguous, that the marks of a record are in force when
-- its number is seen, and that a new era begins first where one must. The log is cut by length at every record,
-- and by age now and then, looking at twice as many of the oldest records as came in between.
-- KEYS[1] hash, KEYS[2] log, KEYS[3] mirror; ARGV[1] name of the era to begin, [2] marks as a JSON array, [3] keys
-- as a JSON array, [4] longest log, [5] longest age of a record in milliseconds.
-- Answers { era, n }.
local head = current()
head.n = head.n + 1
redis.call('HSET', KEYS[1], 'n', head.n)
for _, mark in ipairs(cjson.decode(ARGV[2])) do redis.call('HSET', KEYS[1], 'm:' .. mark, head.n) end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local fields = { 'era', head.era, 'marks', ARGV[2], 'keys', ARGV[3], 'at', now }
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[4], head.n .. '-0', unpack(fields))
if head.n % 64 == 0 then
  local keep
  for _, record in ipairs(redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 128)) do
    keep = record[1]
    if tonumber(record[2][8]) > now - tonumber(ARGV[5]) then break end
  end
  if keep then redis.call('XTRIM', KEYS[2], 'MINID', keep) end
end
show(head)
return { head.era, head.n }
