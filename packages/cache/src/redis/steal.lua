-- Gives the lease to a token, whoever has it, and removes what it protects. Guarantees that from now on only this
-- token can store, and that nobody reads what was there before: a write is an invalidation and a store.
-- KEYS[1] key, [2] lease, [3] failure, [4] sidecar; ARGV[1] token, [2] length of the lease and [3] grace in
-- milliseconds.
redis.call('UNLINK', KEYS[1], KEYS[3], KEYS[4])
give(KEYS[2], ARGV[1], '', tonumber(ARGV[2]), tonumber(ARGV[3]))
return 1
