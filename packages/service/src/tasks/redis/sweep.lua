-- Repairs and tidies up, at most `slice` of each kind: tasks that are due are pending again; a run whose worker was not
-- heard of for a lease is taken from it; one that nobody began is named, to be handed out again; what ended long enough
-- ago goes, with its batch and its user when nothing else is left of them.
-- Asked: slice, lost (the error of those without tries). Answers { moved, forgotten, id, attempt, … of the undelivered }.
local function over(set)
  return redis.call('ZRANGEBYSCORE', key('tasks', set), '-inf', now, 'LIMIT', 0, ask.slice)
end
local answer = { 0, 0 }

for _, id in ipairs(over('due')) do
  become(read(id), 'pending')
  answer[1] = answer[1] + 1
end

for _, id in ipairs(over('leases')) do
  local task = read(id)
  if not task.started then
    hold(id)
    answer[#answer + 1] = id
    answer[#answer + 1] = task.attempt
  else
    if task.cancel then become(task, 'cancelled')
    elseif task.tries < task.max_tries then become(task, 'pending')
    else
      redis.call('HSET', key('task', id), 'error', ask.lost)
      become(task, 'dead')
    end
    answer[1] = answer[1] + 1
  end
end

local function forget(task)
  local user = key('user', task.user)
  redis.call('ZREM', key('tasks', 'ended'), task.id)
  for _, whose in ipairs({ key('global'), user }) do
    redis.call('ZREM', whose .. ':' .. task.status, task.id)
    redis.call('ZREM', whose .. ':tasks', task.id)
  end
  redis.call('DEL', key('task', task.id), key('task', task.id, 'progress'))
  local request_key = task.request_key
  if task.batch then
    local batch = key('batch', task.batch)
    redis.call('LREM', batch .. ':tasks', 1, task.id)
    if redis.call('HINCRBY', batch, 'left', -1) == 0 then
      request_key = redis.call('HGET', batch, 'request_key')
      redis.call('DEL', batch)
    end
  end
  if request_key then redis.call('HDEL', user .. ':keys', request_key) end
  if redis.call('ZCARD', user .. ':tasks') == 0 then redis.call('HDEL', key('tasks', 'served'), task.user) end
end
for _, id in ipairs(over('ended')) do
  forget(read(id))
  answer[2] = answer[2] + 1
end
return answer
