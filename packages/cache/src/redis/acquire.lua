-- The value, or the lease, or why neither, decided in one step. Guarantees that at most one token holds a live
-- lease; that a value of another version than the judged one is answered instead of a lease; and that a judged
-- value that must go is gone, whatever the answer.
-- KEYS[1] key, KEYS[2] lease, KEYS[3] failure, KEYS[4] sidecar; ARGV[1] token, [2] length of the lease and
-- [3] grace in milliseconds, [4] judged version or '', [5] '1' to remove the judged value, [6] '1' to force,
-- [7] a new line of values, [8] format, [9] the server's millisecond after which the asker has given up: a lease that
-- is granted then, because the server was frozen or the command was long under way, would only hold others up.
-- Answers { 'value', body, life left or -1, sidecar or '' }, { 'wait', left }, { 'failed', failure, left } or
-- { 'granted', line }.
local format, force = ARGV[8], ARGV[6] == '1'
local value = stored(KEYS[1])
local line = ARGV[7]
if value then
  local header = about(value, format, KEYS[4])
  local judged = ARGV[4] ~= '' and header.version == ARGV[4]
  if not judged and not force then return { 'value', value, redis.call('PTTL', KEYS[1]), header.text } end
  if judged and ARGV[5] == '1' then
    redis.call('UNLINK', KEYS[1], KEYS[4])
    value = false
  else
    line = header.line or line
  end
end

local lease = lease_of(KEYS[2])
if lease and lease.token ~= ARGV[1] then
  local left = lease.till - server_now()
  if left > 0 then return { 'wait', left } end
end

if not force then
  local failure = redis.call('GET', KEYS[3])
  if failure then return { 'failed', failure, redis.call('PTTL', KEYS[3]) } end
end

if server_now() > tonumber(ARGV[9]) then return { 'wait', 1 } end

local digest = ''
if value and format == 'document' then digest = redis.sha1hex(value) end
give(KEYS[2], ARGV[1], digest, tonumber(ARGV[2]), tonumber(ARGV[3]))
return { 'granted', line }
