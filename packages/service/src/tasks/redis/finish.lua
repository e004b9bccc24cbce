-- Ends a run; one that was told to end is cancelled whatever it came to. Asked: id, attempt, how, result and progress as
-- JSON text, error, retry_in in milliseconds (absent for good). Answers what the task is now, or lost.
local task = running(ask)
if not task then return 'lost' end
local hash = key('task', task.id)
local becomes = 'delayed'
if task.cancel then becomes = 'cancelled'
elseif ask.how == 'completed' then becomes = 'completed'
elseif ask.how == 'returned' then becomes = 'pending'
elseif not ask.retry_in or task.tries >= task.max_tries then becomes = 'dead' end

if ask.progress then redis.call('SET', key('task', task.id, 'progress'), ask.progress) end
become(task, becomes)
if becomes == 'completed' then redis.call('HSET', hash, 'result', ask.result)
elseif becomes == 'pending' then redis.call('HINCRBY', hash, 'tries', -1)
elseif becomes == 'dead' then redis.call('HSET', hash, 'error', ask.error)
elseif becomes == 'delayed' then
  redis.call('HSET', hash, 'error', ask.error, 'due_at', now + ask.retry_in)
  redis.call('ZADD', key('tasks', 'due'), now + ask.retry_in, task.id)
end
return becomes
