-- Writes a value under a lease. Guarantees that nothing is written unless this token has the lease and, for a
-- document, nobody else wrote it since the lease was given; that the lease ends, the failure is forgotten and those
-- who wait are woken in the same step. The same version again is fine, so that a repeated store does no harm.
-- KEYS[1] key, KEYS[2] lease, KEYS[3] failure, KEYS[4] sidecar; ARGV[1] token, [2] version, [3] end of the value in
-- the server's milliseconds or '' for never, [4] format, [5] body, [6] sidecar or '', [7] wake channel.
-- Answers 1, or 0 when refused.
local format = ARGV[4]
local lease = lease_of(KEYS[2])
if not lease or lease.token ~= ARGV[1] then
  local value = stored(KEYS[1])
  if value and about(value, format, KEYS[4]).version == ARGV[2] then return 1 end
  return 0
end
redis.call('DEL', KEYS[2])
redis.call('PUBLISH', ARGV[7], KEYS[1])
if format == 'document' then
  local value = stored(KEYS[1])
  if value and redis.sha1hex(value) ~= lease.digest then return 0 end
end
redis.call('DEL', KEYS[3])
if ARGV[3] ~= '' and tonumber(ARGV[3]) <= server_now() then
  redis.call('UNLINK', KEYS[1], KEYS[4])
  return 1
end
local life = {}
if ARGV[3] ~= '' then life = { 'PXAT', ARGV[3] } end
redis.call('SET', KEYS[1], ARGV[5], unpack(life))
if ARGV[6] == '' then
  redis.call('DEL', KEYS[4])
else
  redis.call('SET', KEYS[4], redis.sha1hex(ARGV[5]) .. ARGV[6], unpack(life))
end
return 1
