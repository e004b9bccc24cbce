-- Ends a lease without a value. Guarantees that only the token that has it can end it, and that a failure is
-- remembered only together with that.
-- KEYS[1] lease, KEYS[2] failure; ARGV[1] token, [2] failure as JSON or '', [3] its life in milliseconds,
-- [4] wake channel, [5] key.
local lease = lease_of(KEYS[1])
if not lease or lease.token ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
if ARGV[2] ~= '' then redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3]) end
redis.call('PUBLISH', ARGV[4], ARGV[5])
return 1
