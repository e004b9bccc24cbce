-- Takes all tasks of an order, or none: an order whose key is known is answered with what it made the first time.
-- Asked: user, username, created tasks (id, kind, input as JSON text, max_tries), batch, key and fingerprint.
-- Answers { 'accepted' }, { 'existing', what the key made as JSON }, { 'key-reused' } or { 'backlog', scope, waiting, limit }.
local user = ask.user
if ask.key then
  local known = redis.call('HGET', key('user', user, 'keys'), ask.key)
  if known then
    if cjson.decode(known).fingerprint ~= ask.fingerprint then return { 'key-reused' } end
    return { 'existing', known }
  end
end
local full = backlog(user, #ask.tasks)
if full then return full end

redis.call('HSETNX', key('tasks', 'served'), user, next_of('turn'))
local ids = {}
for index, given in ipairs(ask.tasks) do
  local seq = next_of('seq')
  local hash = key('task', given.id)
  ids[index] = given.id
  redis.call('HSET', hash, 'id', given.id, 'seq', seq, 'user', user, 'username', ask.username, 'kind', given.kind,
    'input', given.input, 'status', 'pending', 'attempt', 0, 'tries', 0, 'max_tries', given.max_tries, 'created_at', now)
  if ask.batch then
    redis.call('HSET', hash, 'batch', ask.batch)
    redis.call('RPUSH', key('batch', ask.batch, 'tasks'), given.id)
  elseif ask.key then
    redis.call('HSET', hash, 'request_key', ask.key)
  end
  for _, whose in ipairs({ key('global'), key('user', user) }) do
    redis.call('ZADD', whose .. ':pending', seq, given.id)
    redis.call('ZADD', whose .. ':tasks', seq, given.id)
  end
end
if ask.batch then
  redis.call('HSET', key('batch', ask.batch), 'user', user, 'created_at', now, 'left', #ids)
  if ask.key then redis.call('HSET', key('batch', ask.batch), 'request_key', ask.key) end
end
if ask.key then
  redis.call('HSET', key('user', user, 'keys'), ask.key,
    cjson.encode({ ids = ids, batch = ask.batch, fingerprint = ask.fingerprint }))
end
stand_in_line(user)
return { 'accepted' }
