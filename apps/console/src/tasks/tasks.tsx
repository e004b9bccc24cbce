import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '../controls/button.tsx'
import { SelectField } from '../controls/field.tsx'
import { useFilters } from '../controls/filters.tsx'
import { Bar } from '../figures/bar.tsx'
import { PageHead, Parts } from '../figures/part.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { useNow } from '../figures/use-now.ts'
import { useMay } from '../service/may.ts'
import { useList } from '../service/use-list.ts'
import { Empty } from '../states/states.tsx'
import type { Column } from '../table/column.ts'
import { Listing } from '../table/listing.tsx'
import { NewTask } from './new-task.tsx'
import { Queues } from './queues.tsx'
import { TaskDetails } from './task-details.tsx'
import { type Task, TaskStatus, taskStatuses } from './task-status.tsx'

/** The tasks: queues, progress, and what can be done about one. */
export default function Tasks() {
  const t = useTranslations('tasks')
  const shell = useTranslations('shell')
  const may = useMay()
  const { values, set } = useFilters(['status', 'task', 'user'])
  const [making, setMaking] = useState(false)
  const status = taskStatuses.find((one) => one === values.status)
  return (
    <>
      <PageHead title={shell('tasks')} about={t('about')}>
        <SelectField
          label={t('status')}
          hideLabel
          value={status ?? ''}
          options={[['', t('any')], ...taskStatuses.map((one) => [one, t(one)] as const)]}
          onChoose={(next) => set({ status: next })}
        />
        {may('taskSubmit') && (
          <Button kind="primary" onClick={() => setMaking(true)}>
            {t('newTask')}
          </Button>
        )}
      </PageHead>
      <Parts>
        <Queues onUser={(user) => set({ user })} />
        <Rows
          filter={{
            ...(status === undefined ? {} : { status }),
            ...(values.user === undefined ? {} : { user_id: values.user }),
          }}
          onOpen={({ task_id }) => set({ task: task_id }, 'push')}
        />
      </Parts>
      {making && <NewTask onClose={() => setMaking(false)} />}
      {values.task !== undefined && <TaskDetails id={values.task} onClose={() => set({ task: '' })} />}
    </>
  )
}

function Rows({
  filter,
  onOpen,
}: {
  readonly filter: { readonly status?: Task['status']; readonly user_id?: string }
  readonly onOpen: (task: Task) => void
}) {
  const t = useTranslations('tasks')
  const shell = useTranslations('shell')
  const formats = useFormats()
  const now = useNow()
  const list = useList('taskList', filter, { every: 2000 })
  const columns: readonly Column<Task>[] = [
    { id: 'created', header: t('created'), width: 150, cell: ({ created_at }) => formats.time(created_at) },
    { id: 'kind', header: t('kind'), width: 150, cell: ({ kind }) => kind },
    { id: 'user', header: t('user'), width: 100, wideOnly: true, cell: ({ username }) => username },
    { id: 'status', header: t('status'), width: 110, cell: (task) => <TaskStatus task={task} now={now} /> },
    { id: 'progress', header: t('progress'), width: 150, cell: (task) => <Progress task={task} /> },
    {
      id: 'tries',
      header: t('tries'),
      align: 'end',
      width: 70,
      wideOnly: true,
      cell: ({ tries, max_tries }) => t('tries2', { tries: String(tries), most: String(max_tries) }),
    },
    {
      id: 'took',
      header: t('took'),
      align: 'end',
      width: 90,
      wideOnly: true,
      cell: ({ started_at, ended_at }) =>
        started_at === null
          ? '–'
          : formats.duration(
              (ended_at === null ? now.getTime() : Date.parse(ended_at)) - Date.parse(started_at),
            ),
    },
  ]
  return (
    <Listing
      caption={shell('tasks')}
      list={list}
      columns={columns}
      keyOf={({ task_id }) => task_id}
      onOpen={onOpen}
      empty={<Empty title={t('none')} about={t('noneAbout')} />}
    />
  )
}

/** How far a task is: a bar where it knows how much there is to do, else a figure. */
export function Progress({ task: { progress, status } }: { readonly task: Task }) {
  const t = useTranslations('tasks')
  const formats = useFormats()
  if (progress === null) return '–'
  const { done, total } = progress
  if (total === null || total === 0) return formats.count(done)
  return <Bar share={status === 'completed' ? 1 : done / total} label={t('progress')} />
}
