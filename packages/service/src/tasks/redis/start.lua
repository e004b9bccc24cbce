-- Begins a run, once. Asked: id, attempt. Answers 1, or 0 when it is not the latest, was begun already or is not wanted.
local task = running(ask)
if not task or task.started or task.cancel then return 0 end
redis.call('HSET', key('task', task.id), 'started_at', now)
hold(task.id)
return 1
