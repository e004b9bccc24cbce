-- A longer lease, for the token that has it. Guarantees that no lease is made or taken over.
-- KEYS[1] lease; ARGV[1] token, [2] length of the lease and [3] grace in milliseconds. Answers 1, or 0 when refused.
local lease = lease_of(KEYS[1])
if not lease or lease.token ~= ARGV[1] then return 0 end
give(KEYS[1], ARGV[1], lease.digest, tonumber(ARGV[2]), tonumber(ARGV[3]))
return 1
