-- Where the latest event of each resource is. Answers { version, end, field, number and time, … }, or nil when the
-- session is not here.
-- KEYS[1] session.
if not loaded() then return false end
local answer = redis.call('HMGET', key, 'v', 'x')
for _, field in ipairs(redis.call('HKEYS', key)) do
  if field:sub(1, 2) == 'l:' then
    answer[#answer + 1] = field
    answer[#answer + 1] = redis.call('HGET', key, field)
  end
end
return answer
