-- Renews the lease of a run. Asked: id, attempt, progress as JSON text or absent. Answers go-on, cancel or lost.
local task = running(ask)
if not task or not task.started then return 'lost' end
hold(task.id)
if ask.progress then redis.call('SET', key('task', task.id, 'progress'), ask.progress) end
return task.cancel and 'cancel' or 'go-on'
