import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Badge } from '../controls/badge.tsx'
import { Button } from '../controls/button.tsx'
import { SelectField } from '../controls/field.tsx'
import { FilterBar, useFilters } from '../controls/filters.tsx'
import { PageHead, Parts } from '../figures/part.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { call } from '../service/call.ts'
import { type ItemOf, useList } from '../service/use-list.ts'
import { useRead } from '../service/use-service.ts'
import { showDone, showFailure } from '../shell/notices.ts'
import { Empty } from '../states/states.tsx'
import type { Column } from '../table/column.ts'
import { Listing } from '../table/listing.tsx'
import { OperationDetails } from './operation-details.tsx'
import { OperationFigures } from './operation-figures.tsx'
import { resultTones } from './result-tones.ts'

type Operation = ItemOf<'operations'>

const names = ['text', 'result', 'action', 'user'] as const

/** The operation log. */
export default function Operations() {
  const t = useTranslations('operations')
  const shell = useTranslations('shell')
  const { values, set } = useFilters(names)
  const [open, setOpen] = useState<Operation>()
  const statistics = useRead('operationStatistics', { query: filterOf(values) }, { keep: true })
  const types = statistics.data?.by_type.map(({ type }) => type) ?? []
  const shownTypes =
    values.action === undefined || types.includes(values.action) ? types : [values.action, ...types]

  const download = async (): Promise<void> => {
    try {
      const text = await call('operationExport', { query: filterOf(values) })
      const link = document.createElement('a')
      link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }))
      link.download = 'operations.csv'
      link.click()
      URL.revokeObjectURL(link.href)
    } catch (error) {
      showFailure(error as Error)
    }
  }
  const verify = async (): Promise<void> => {
    try {
      const { intact, rows, position, reason } = await call('operationVerify', {})
      if (intact) showDone(t('intact', { rows }))
      else showFailure(new Error(t('broken', { position: String(position), reason: reason ?? '' })))
    } catch (error) {
      showFailure(error as Error)
    }
  }

  return (
    <>
      <PageHead title={shell('operations')} about={t('about')}>
        <Button onClick={() => void verify()}>{t('check')}</Button>
        <Button onClick={() => void download()}>{t('export')}</Button>
      </PageHead>
      <Parts>
        <OperationFigures from={statistics} />
        <div>
          <FilterBar
            label={t('find')}
            value={values.text ?? ''}
            action={t('look')}
            onSend={(text) => set({ text })}
          >
            <SelectField
              label={t('type')}
              hideLabel
              value={values.action ?? ''}
              options={[['', t('anyType')], ...shownTypes.map((type) => [type, type] as const)]}
              onChoose={(action) => set({ action })}
            />
            <SelectField
              label={t('result')}
              hideLabel
              value={values.result ?? ''}
              options={[
                ['', t('any')],
                ...(['done', 'failed', 'refused'] as const).map((one) => [one, t(one)] as const),
              ]}
              onChoose={(result) => set({ result })}
            />
          </FilterBar>
          <Rows filter={filterOf(values)} onOpen={setOpen} />
        </div>
      </Parts>
      <OperationDetails operation={open} onClose={() => setOpen(undefined)} />
    </>
  )
}

interface Filter {
  readonly text?: string
  readonly result?: Operation['result']
  readonly action?: string
  readonly user?: string
}

function filterOf({ result, ...rest }: Readonly<Partial<Record<(typeof names)[number], string>>>): Filter {
  const known = (['done', 'failed', 'refused'] as const).find((one) => one === result)
  return { ...rest, ...(known === undefined ? {} : { result: known }) }
}

function Rows({
  filter,
  onOpen,
}: {
  readonly filter: Filter
  readonly onOpen: (operation: Operation) => void
}) {
  const t = useTranslations('operations')
  const shell = useTranslations('shell')
  const formats = useFormats()
  const list = useList('operations', filter)
  const columns: readonly Column<Operation>[] = [
    { id: 'at', header: t('when'), width: 150, cell: ({ at }) => formats.time(at) },
    {
      id: 'user',
      header: t('user'),
      width: 100,
      narrow: 70,
      cell: ({ username }) => username ?? t('nobody'),
    },
    { id: 'action', header: t('action'), width: 150, cell: ({ action }) => action },
    { id: 'target', header: t('target'), width: 260, wideOnly: true, cell: ({ target }) => target },
    {
      id: 'result',
      header: t('result'),
      width: 90,
      cell: ({ result }) => <Badge tone={resultTones[result]}>{t(result)}</Badge>,
    },
    {
      id: 'took',
      header: t('took'),
      align: 'end',
      width: 80,
      wideOnly: true,
      cell: ({ duration_ms }) => (duration_ms === null ? '–' : formats.duration(duration_ms)),
    },
  ]
  return (
    <Listing
      caption={shell('operations')}
      list={list}
      columns={columns}
      keyOf={({ position }) => String(position)}
      onOpen={onOpen}
      height={620}
      empty={<Empty title={t('none')} about={t('noneAbout')} />}
    />
  )
}
