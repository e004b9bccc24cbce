-- Gives a dead task all of its tries again. Asked: id.
-- Answers { 'retried' }, { 'none' } when there is no dead task of that id, or { 'backlog', scope, waiting, limit }.
local task = read(ask.id)
if not task or task.status ~= 'dead' then return { 'none' } end
local full = backlog(task.user, 1)
if full then return full end
local hash = key('task', task.id)
redis.call('HSET', hash, 'tries', 0)
redis.call('HDEL', hash, 'ended_at', 'error')
redis.call('DEL', key('task', task.id, 'progress'))
redis.call('ZREM', key('tasks', 'ended'), task.id)
become(task, 'pending')
return { 'retried' }
