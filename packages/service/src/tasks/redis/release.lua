-- Lets tasks through: while fewer than `global` are processing, the oldest task of whoever was served longest ago among
-- those who have fewer than `per_user` processing. Asked: most. Answers id and attempt of each, in turn.
local claims = {}
while #claims < ask.most * 2 and size_of('global', 'processing') < settings.global do
  local user = redis.call('ZRANGE', key('tasks', 'turns'), 0, 0)[1]
  if not user then break end
  local task = read(redis.call('ZRANGE', key('user', user, 'pending'), 0, 0)[1])
  local hash = key('task', task.id)
  redis.call('HDEL', hash, 'started_at', 'error')
  redis.call('DEL', key('task', task.id, 'progress'))
  redis.call('HINCRBY', hash, 'tries', 1)
  local attempt = redis.call('HINCRBY', hash, 'attempt', 1)
  redis.call('HSET', key('tasks', 'served'), user, next_of('turn'))
  become(task, 'processing')
  hold(task.id)
  claims[#claims + 1] = task.id
  claims[#claims + 1] = attempt
end
return claims
