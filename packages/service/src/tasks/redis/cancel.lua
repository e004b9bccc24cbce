-- Cancels what waits, or was let through and not begun; what runs is told. Asked: id. Answers 1 when the id is known.
local task = read(ask.id)
if not task then return 0 end
if task.status == 'processing' and task.started then
  redis.call('HSET', key('task', task.id), 'cancel_requested', 1)
elseif task.status == 'pending' or task.status == 'delayed' or task.status == 'processing' then
  become(task, 'cancelled')
end
return 1
