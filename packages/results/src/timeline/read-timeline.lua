-- The newest events of a category, the oldest first, all of one state. Answers { version, end, event, … }, or nil when
-- the session is not here.
-- KEYS[1] session; ARGV[1] category, [2] number that they come after, [3] the most events.
if not loaded() then return false end
local numbers = {}
for number in string.gmatch(redis.call('HGET', key, 'c:' .. ARGV[1]) or '', '%d+') do
  if tonumber(number) > tonumber(ARGV[2]) then numbers[#numbers + 1] = number end
end
local answer = redis.call('HMGET', key, 'v', 'x')
for place = math.max(1, #numbers - tonumber(ARGV[3]) + 1), #numbers do
  answer[#answer + 1] = redis.call('HGET', key, 'e:' .. numbers[place])
end
return answer
