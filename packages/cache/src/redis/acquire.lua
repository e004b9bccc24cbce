-- The value, or the lease, or why neither, decided in one step, for many keys. Guarantees that at most one token holds
-- a live lease of a key; that a value of another version than the judged one is answered instead of a lease; and that a
-- judged value that must go is gone, whatever the answer.
-- KEYS in fours for documents: key, lease, failure, sidecar; in threes for entries, without the sidecar.
-- ARGV[1] format, [2] length of the lease and [3] grace in milliseconds, [4] the server's millisecond after which the
-- asker has given up: a lease that is granted then, because the server was frozen or the command was long under way,
-- would only hold others up; then for each key its token, which up to `~` also names a new line of values, and '' or what is
-- asked beside: `r` to remove the judged value, `f` to force, `b` for both, `-` for neither, and the judged version.
-- Answers for each key the value of an entry as it is, or { 'value', body, life left or -1, sidecar or '' },
-- { 'wait', left }, { 'failed', failure, left }, { 'granted', line } or { 'error', message } where a key beside the
-- entry holds something else than it must.
local format = ARGV[1]
local width = format == 'document' and 4 or 3

local function acquire(at, token, asked)
  local key, lease_key, sidecar = KEYS[at], KEYS[at + 1], KEYS[at + 3]
  local value = stored(key)
  if value and asked == '' and format == 'entry' then return value end
  local flags, judged = string.sub(asked, 1, 1), string.sub(asked, 2)
  local force = flags == 'f' or flags == 'b'
  local line = string.match(token, '^[^~]*')
  if value then
    local header = about(value, format, sidecar)
    local is_judged = judged ~= '' and header.version == judged
    if not is_judged and not force then
      return { 'value', value, redis.call('PTTL', key), header.text }
    end
    if is_judged and (flags == 'r' or flags == 'b') then
      redis.call('UNLINK', key)
      if sidecar then redis.call('UNLINK', sidecar) end
      value = false
    else
      line = header.line or line
    end
  end

  local lease = lease_of(lease_key)
  if lease and lease.token ~= token then
    local left = lease.till - server_now()
    if left > 0 then return { 'wait', left } end
  end

  if not force then
    local failure = redis.call('GET', KEYS[at + 2])
    if failure then return { 'failed', failure, redis.call('PTTL', KEYS[at + 2]) } end
  end

  if server_now() > tonumber(ARGV[4]) then return { 'wait', 1 } end

  local digest = ''
  if value and format == 'document' then digest = redis.sha1hex(value) end
  give(lease_key, token, digest, tonumber(ARGV[2]), tonumber(ARGV[3]))
  return { 'granted', line }
end

local answers = {}
for index = 1, #KEYS / width do
  local fine, answer = pcall(acquire, width * (index - 1) + 1, ARGV[2 * index + 3], ARGV[2 * index + 4])
  if not fine then
    local message = type(answer) == 'table' and answer.err or tostring(answer)
    -- What is wrong with one key says nothing of the others; what is wrong with the server is the answer to all.
    if not string.find(message, 'WRONGTYPE', 1, true) then return redis.error_reply(message) end
    answer = { 'error', message }
  end
  answers[index] = answer
end
return answers
