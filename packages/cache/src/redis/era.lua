-- Stands before every script of the catalog's slot. It guarantees that no script works on a timeline that is not
-- this server's: where the hash is missing (a fresh server, lost data, an eviction) or was written under another
-- run of the server (a failover, a restart), a new era begins, with no marks and an empty log, before anything
-- else happens. The mirror is the head in one string, so that a plain MGET reads it with the values.
-- KEYS[1] hash, KEYS[2] log, KEYS[3] mirror; ARGV[1] name of the era to begin.
local function server_run()
  local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
  if not run then error({ err = 'ERR INFO server shows no run_id, which tells one run of a server from the next' }) end
  return run
end

local function show(head)
  local text = head.era .. ' ' .. head.n .. ' ' .. head.floor .. ' ' .. head.run
  if redis.call('GET', KEYS[3]) ~= text then redis.call('SET', KEYS[3], text) end
end

local function current()
  local run = server_run()
  local kept = redis.call('HMGET', KEYS[1], 'era', 'n', 'floor', 'run')
  if kept[1] and kept[4] == run then
    return { era = kept[1], n = tonumber(kept[2]), floor = tonumber(kept[3]), run = run }
  end
  redis.call('UNLINK', KEYS[1], KEYS[2])
  redis.call('HSET', KEYS[1], 'era', ARGV[1], 'n', 0, 'floor', 0, 'run', run)
  return { era = ARGV[1], n = 0, floor = 0, run = run }
end

