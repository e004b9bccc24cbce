import type { DataOf, Routes } from '@reprise/api'
import type { UseQueryResult } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Badge } from '../controls/badge.tsx'
import { Button } from '../controls/button.tsx'
import { Confirm } from '../controls/confirm.tsx'
import { UsageBar } from '../figures/bar.tsx'
import { Part } from '../figures/part.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { useMay } from '../service/may.ts'
import { useAct } from '../service/use-service.ts'
import { showDone } from '../shell/notices.ts'
import { Reading } from '../states/reading.tsx'
import type { Column } from '../table/column.ts'
import { DataTable } from '../table/data-table.tsx'

type Shelf = DataOf<Routes['resultShelves']>['shelves'][number]

/** What a site keeps of each type, beside its limit. */
export function Retention({
  site,
  from,
}: {
  readonly site: string
  readonly from: UseQueryResult<DataOf<Routes['resultShelves']>>
}) {
  const t = useTranslations('results')
  const formats = useFormats()
  const may = useMay()
  const [asking, setAsking] = useState<string>()
  const trim = useAct('resultTrim', { onDone: ({ removed }) => showDone(t('trimmed', { count: removed })) })
  const columns: readonly Column<Shelf>[] = [
    { id: 'type', header: t('type'), width: 140, narrow: 80, cell: ({ type }) => type },
    {
      id: 'kept',
      header: t('retention'),
      width: 200,
      narrow: 130,
      cell: ({ total, keep }) =>
        keep === null
          ? t('keptAll', { total: formats.count(total) })
          : t('kept', { total: formats.count(total), keep: formats.count(keep) }),
    },
    {
      id: 'bar',
      header: '',
      width: 160,
      wideOnly: true,
      cell: ({ type, total, keep }) => keep !== null && <UsageBar share={total / keep} label={type} />,
    },
    {
      id: 'stuck',
      header: '',
      width: 120,
      cell: ({ stuck, surplus }) => (
        <>
          {stuck > 0 && <Badge tone="bad">{t('stuck', { count: stuck })}</Badge>}{' '}
          {surplus > 0 && <Badge tone="warn">{t('surplus', { count: formats.count(surplus) })}</Badge>}
        </>
      ),
    },
    {
      id: 'trim',
      header: '',
      align: 'end',
      width: 110,
      cell: ({ type, surplus }) =>
        may('resultTrim') && (
          <Button small disabled={surplus === 0} onClick={() => setAsking(type)}>
            {t('trim')}
          </Button>
        ),
    },
  ]
  return (
    <Part title={t('retention')}>
      <Reading from={from}>
        {({ shelves }) => (
          <DataTable caption={t('retention')} columns={columns} rows={shelves} keyOf={({ type }) => type} />
        )}
      </Reading>
      <Confirm
        open={asking !== undefined}
        title={t('trimTitle', { type: asking ?? '' })}
        about={t('trimAbout')}
        action={t('trim')}
        onClose={() => setAsking(undefined)}
        onConfirm={() => {
          if (asking !== undefined) trim.mutate({ body: { site, type: asking } })
          setAsking(undefined)
        }}
      />
    </Part>
  )
}
