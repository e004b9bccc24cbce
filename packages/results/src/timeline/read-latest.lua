-- The latest events of categories or of resources, all of one state. Answers { version, end, event or nil, … }, or nil
-- when the session is not here.
-- KEYS[1] session; ARGV[1] on: a field whose last or first number is wanted: c:CATEGORY or l:["CATEGORY","RESOURCE"].
if not loaded() then return false end
local answer = redis.call('HMGET', key, 'v', 'x')
for _, field in ipairs(ARGV) do
  local held = redis.call('HGET', key, field) or ''
  local number = string.match(held, field:sub(1, 1) == 'c' and '%d+$' or '^%d+')
  answer[#answer + 1] = number and (redis.call('HGET', key, 'e:' .. number) or '') or false
end
return answer
