import { useTranslations } from 'use-intl'
import { Badge, type Tone } from '../controls/badge.tsx'
import type { ItemOf } from '../service/use-list.ts'

/** A task of the queue. */
export type Task = ItemOf<'taskList'>

/** Where a task can be, in the order of a good life; dead and cancelled are the bad ends. */
export const taskStatuses = ['pending', 'delayed', 'processing', 'completed', 'dead', 'cancelled'] as const

const tones: Readonly<Record<Task['status'], Tone>> = {
  pending: 'plain',
  delayed: 'warn',
  processing: 'accent',
  completed: 'good',
  dead: 'bad',
  cancelled: 'plain',
}

/** How long a task may run without ending before it seems stuck, in milliseconds: two hours, as document 001 has it. */
const patience = 2 * 3_600_000

/** Where a task is, as a coloured word; one that runs too long seems stuck. */
export function TaskStatus({ task, now }: { readonly task: Task; readonly now: Date }) {
  const t = useTranslations('tasks')
  const { status, started_at } = task
  const stuck =
    status === 'processing' && started_at !== null && now.getTime() - Date.parse(started_at) > patience
  if (stuck) return <Badge tone="bad">{t('stuck')}</Badge>
  if (status === 'processing' && task.cancel_requested) return <Badge tone="warn">{t('ending')}</Badge>
  return <Badge tone={tones[status]}>{t(status)}</Badge>
}
