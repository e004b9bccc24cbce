import type { DataOf, Routes } from '@reprise/api'
import { useTranslations } from 'use-intl'
import { Badge, type Tone } from '../controls/badge.tsx'
import { Button } from '../controls/button.tsx'
import { Part } from '../figures/part.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { useAct, useRead } from '../service/use-service.ts'
import { Reading } from '../states/reading.tsx'
import { Empty } from '../states/states.tsx'
import type { Column } from '../table/column.ts'
import { DataTable } from '../table/data-table.tsx'

type Change = DataOf<Routes['invalidations']>['invalidations'][number]

const tones: Readonly<Record<Change['status'], Tone>> = {
  pending: 'plain',
  processing: 'accent',
  completed: 'good',
  failed: 'bad',
}

/** The changes of the configuration, and how far each is on its way to the caches (row A20). */
export function Changes() {
  const t = useTranslations('settings')
  const formats = useFormats()
  const changes = useRead('invalidations', { query: { page_size: 50 } }, { every: 5000 })
  const retry = useAct('invalidationRetry')
  const columns: readonly Column<Change>[] = [
    { id: 'when', header: t('when'), width: 150, cell: ({ created_at }) => formats.time(created_at) },
    {
      id: 'what',
      header: t('what'),
      width: 220,
      cell: ({ table_name, record_id, operation }) => `${table_name} ${record_id} ${t(operation)}`,
    },
    { id: 'who', header: t('who'), width: 100, wideOnly: true, cell: ({ operator_id }) => operator_id },
    {
      id: 'status',
      header: t('status'),
      width: 130,
      cell: ({ status, error }) => (
        <span title={error ?? undefined}>
          <Badge tone={tones[status]}>{t(status)}</Badge>
        </span>
      ),
    },
    {
      id: 'tries',
      header: t('tries'),
      align: 'end',
      width: 60,
      wideOnly: true,
      cell: ({ attempts }) => attempts,
    },
    {
      id: 'keys',
      header: t('keys'),
      width: 290,
      wideOnly: true,
      cell: ({ cache_keys, cache_tags }) => (
        <span title={[...cache_keys, ...cache_tags].join('\n')}>
          {[...cache_keys, ...cache_tags].join(', ')}
        </span>
      ),
    },
    {
      id: 'again',
      header: '',
      width: 80,
      align: 'end',
      cell: ({ status, invalidation_id }) =>
        status === 'failed' && (
          <Button small onClick={() => retry.mutate({ params: { invalidation_id } })}>
            {t('again')}
          </Button>
        ),
    },
  ]
  return (
    <Part title={t('changes')}>
      <Reading from={changes}>
        {({ invalidations }) =>
          invalidations.length === 0 ? (
            <Empty title={t('noChanges')} />
          ) : (
            <DataTable
              caption={t('changes')}
              columns={columns}
              rows={invalidations}
              keyOf={({ invalidation_id }) => invalidation_id}
              height={360}
            />
          )
        }
      </Reading>
    </Part>
  )
}
