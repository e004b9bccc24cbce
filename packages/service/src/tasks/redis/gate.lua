-- What the scripts of the gate share; each file after it is one step. Guarantees of every step: it is done wholly or not
-- at all; a task is in exactly one `global:{status}` and one `user:{user}:{status}`; a user is in `tasks:turns` exactly
-- when one of its tasks may be let through now, judged by its own limit.
-- KEYS[1] is the catalog's prefix in braces, which every key begins with, so that all are in one slot of a Cluster:
--   task:{id}             hash: all that is known of a task       task:{id}:progress     string: JSON
--   user:{user}:{status}  sorted set: ids by order of arrival     user:{user}:tasks      the same, of all statuses
--   global:{status}       the same, of all users                  global:tasks           the same, of all statuses
--   batch:{id}            hash: user, created_at, left            batch:{id}:tasks       list: ids
--   user:{user}:keys      hash: idempotency key to what it made, as JSON
--   tasks:turns           sorted set: users who may be served, by when they were served last
--   tasks:served          hash: when each user was served last    tasks:counters         hash: seq, turn
--   tasks:leases, tasks:due, tasks:ended   sorted sets: ids by the end of the lease, the next try, the end
-- ARGV[1] JSON: now (absent for the server's clock), per_user, global, backlog_per_user, backlog, lease, keep_finished,
-- keep_dead; times are milliseconds. ARGV[2] JSON: what the step is asked for.
local settings, ask = cjson.decode(ARGV[1]), cjson.decode(ARGV[2])

local function key(...)
  return KEYS[1] .. ':' .. table.concat({ ... }, ':')
end

local function server_now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local now = settings.now or server_now()

local function next_of(counter)
  return redis.call('HINCRBY', key('tasks', 'counters'), counter, 1)
end

local function size_of(...)
  return redis.call('ZCARD', key(...))
end

-- The fields of a task that steps decide by; nil when there is none.
local function read(id)
  local found = redis.call('HMGET', key('task', id), 'user', 'status', 'seq', 'attempt', 'tries', 'max_tries',
    'started_at', 'cancel_requested', 'batch', 'request_key')
  if not found[1] then return nil end
  return {
    id = id, user = found[1], status = found[2], seq = tonumber(found[3]), attempt = tonumber(found[4]),
    tries = tonumber(found[5]), max_tries = tonumber(found[6]), started = found[7] and true,
    cancel = found[8] == '1', batch = found[9], request_key = found[10],
  }
end

-- The run that a claim names, when it is the latest and under way.
local function running(claim)
  local task = read(claim.id)
  if task and task.status == 'processing' and task.attempt == claim.attempt then return task end
end

-- Puts a user in line, or takes it out, as its tasks demand.
local function stand_in_line(user)
  local turns = key('tasks', 'turns')
  if size_of('user', user, 'pending') > 0 and size_of('user', user, 'processing') < settings.per_user then
    redis.call('ZADD', turns, redis.call('HGET', key('tasks', 'served'), user), user)
  else
    redis.call('ZREM', turns, user)
  end
end

-- Gives a task another status. A task that ends is remembered by its end, one that comes back stands where it was.
local function become(task, status)
  local hash = key('task', task.id)
  for _, whose in ipairs({ key('global'), key('user', task.user) }) do
    redis.call('ZREM', whose .. ':' .. task.status, task.id)
    redis.call('ZADD', whose .. ':' .. status, task.seq, task.id)
  end
  redis.call('HSET', hash, 'status', status)
  if task.status == 'processing' then
    redis.call('ZREM', key('tasks', 'leases'), task.id)
    redis.call('HDEL', hash, 'cancel_requested')
  elseif task.status == 'delayed' then
    redis.call('ZREM', key('tasks', 'due'), task.id)
    redis.call('HDEL', hash, 'due_at')
  end
  if status == 'completed' or status == 'dead' or status == 'cancelled' then
    redis.call('HSET', hash, 'ended_at', now)
    redis.call('ZADD', key('tasks', 'ended'), now + (status == 'dead' and settings.keep_dead or settings.keep_finished), task.id)
  end
  task.status = status
  stand_in_line(task.user)
end

local function hold(id)
  redis.call('ZADD', key('tasks', 'leases'), now + settings.lease, id)
end

-- Why so many more tasks of a user are not taken, if they are not.
local function backlog(user, more)
  local of_user = size_of('user', user, 'pending') + size_of('user', user, 'delayed')
  if of_user + more > settings.backlog_per_user then
    return { 'backlog', 'user', of_user, settings.backlog_per_user }
  end
  local of_all = size_of('global', 'pending') + size_of('global', 'delayed')
  if of_all + more > settings.backlog then return { 'backlog', 'global', of_all, settings.backlog } end
end
