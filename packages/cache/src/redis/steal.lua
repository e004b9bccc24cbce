-- Gives the lease to a token, whoever has it. Guarantees that from now on only this token can store.
-- KEYS[1] key, KEYS[2] lease; ARGV[1] token, [2] length of the lease and [3] grace in milliseconds, [4] format.
local digest = ''
if ARGV[4] == 'document' then
  local value = stored(KEYS[1])
  if value then digest = redis.sha1hex(value) end
end
give(KEYS[2], ARGV[1], digest, tonumber(ARGV[2]), tonumber(ARGV[3]))
return 1
