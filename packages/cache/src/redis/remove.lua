-- Removes values with their leases, failures and sidecars. Guarantees that a load that holds one of these leases
-- cannot store any more, and that those who wait for it are woken.
-- KEYS in fours: key, lease, failure, sidecar; ARGV[1] wake channel. Answers how many values there were.
local removed = 0
for index = 1, #KEYS, 4 do
  removed = removed + redis.call('UNLINK', KEYS[index])
  if redis.call('DEL', KEYS[index + 1]) == 1 then redis.call('PUBLISH', ARGV[1], KEYS[index]) end
  redis.call('DEL', KEYS[index + 2], KEYS[index + 3])
end
return removed
