import type { DataOf, Routes } from '@reprise/api'
import { useTranslations } from 'use-intl'
import { Part } from '../figures/part.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { useRead } from '../service/use-service.ts'
import { Reading } from '../states/reading.tsx'
import type { Column } from '../table/column.ts'
import { DataTable } from '../table/data-table.tsx'
import { taskStatuses } from './task-status.tsx'

type Counts = DataOf<Routes['taskQueue']>['all']

interface Queue {
  readonly id: string
  readonly name: string
  readonly counts: Counts
}

/** How many tasks wait, run and have ended: one's own, all, and for administrators by user. */
export function Queues({ onUser }: { readonly onUser: (user: string) => void }) {
  const t = useTranslations('tasks')
  const formats = useFormats()
  const queue = useRead('taskQueue', {}, { every: 2000 })
  const columns: readonly Column<Queue>[] = [
    { id: 'name', header: t('user'), width: 160, cell: ({ name }) => name },
    ...taskStatuses.map((status) => ({
      id: status,
      header: t(status),
      align: 'end' as const,
      width: 90,
      wideOnly: status === 'delayed' || status === 'cancelled',
      cell: ({ counts }: Queue) => formats.count(counts[status]),
    })),
  ]
  return (
    <Part title={t('queue')}>
      <Reading from={queue} lines={2}>
        {({ own, all, users }) => (
          <DataTable
            caption={t('queue')}
            columns={columns}
            rows={[
              { id: '', name: t('own'), counts: own },
              { id: '', name: t('all'), counts: all },
              ...users.map(({ user_id, counts }) => ({ id: user_id, name: user_id, counts })),
            ]}
            keyOf={({ name }) => name}
            onOpen={({ id }) => onUser(id)}
          />
        )}
      </Reading>
    </Part>
  )
}
