import type { TaskOrder } from '../../src/tasks/gate.ts'

/** An order of tasks with these ids that may be tried twice. */
export function order(user: string, ids: readonly string[], more: Partial<TaskOrder> = {}): TaskOrder {
  const tasks = ids.map((id) => ({ id, kind: 'work', input: { of: id }, maxTries: 2 }))
  return { user, username: `${user}'s name`, tasks, ...more }
}
