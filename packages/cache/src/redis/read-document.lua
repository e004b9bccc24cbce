-- Documents with their life and sidecar, seen at one moment.
-- KEYS in pairs: key, sidecar. Answers in threes: body or nil, life left in milliseconds or -1, sidecar or ''.
-- A document that another program wrote over ours is answered with the old sidecar; its digest tells them apart.
local answer = {}
for index = 1, #KEYS, 2 do
  local value = redis.pcall('GET', KEYS[index])
  if type(value) == 'table' then value = false end
  local sidecar = value and redis.pcall('GET', KEYS[index + 1])
  if type(sidecar) ~= 'string' then sidecar = '' end
  local at = #answer
  answer[at + 1] = value
  answer[at + 2] = value and redis.call('PTTL', KEYS[index]) or -1
  answer[at + 3] = string.sub(sidecar, 41)
end
return answer
