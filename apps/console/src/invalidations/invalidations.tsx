import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Badge, type Tone } from '../controls/badge.tsx'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import dialog from '../controls/dialog.module.css'
import { SelectField } from '../controls/field.tsx'
import { useFilters } from '../controls/filters.tsx'
import { Facts } from '../figures/facts.tsx'
import { PageHead } from '../figures/part.tsx'
import { Tree } from '../figures/tree.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { useMay } from '../service/may.ts'
import { type ItemOf, useList } from '../service/use-list.ts'
import { useAct } from '../service/use-service.ts'
import { Empty } from '../states/states.tsx'
import type { Column } from '../table/column.ts'
import { Listing } from '../table/listing.tsx'
import { Deliveries } from './deliveries.tsx'

type Invalidation = ItemOf<'invalidationList'>

const statuses = ['pending', 'processing', 'completed', 'failed'] as const
const tones: Readonly<Record<Invalidation['status'], Tone>> = {
  pending: 'plain',
  processing: 'accent',
  completed: 'good',
  failed: 'bad',
}

function targetOf({ keys, tags, spaces, tenant }: Invalidation): string {
  const marks = [...tags.map((tag) => `#${tag}`), ...spaces.map((space) => `${space}:*`)]
  return [...keys, ...marks, ...(tenant === null ? [] : [`@${tenant}`])].join(', ')
}

/** The log of invalidations, as it grows. */
export default function Invalidations() {
  const t = useTranslations('invalidations')
  const shell = useTranslations('shell')
  const formats = useFormats()
  const { values, set } = useFilters(['status'])
  const [open, setOpen] = useState<Invalidation>()
  const status = statuses.find((one) => one === values.status)
  const list = useList('invalidationList', status === undefined ? {} : { status }, { every: 5000 })
  const columns: readonly Column<Invalidation>[] = [
    { id: 'when', header: t('when'), width: 150, cell: ({ created_at }) => formats.time(created_at) },
    { id: 'what', header: t('what'), width: 300, narrow: 140, cell: (row) => targetOf(row) },
    { id: 'who', header: t('who'), width: 100, wideOnly: true, cell: ({ operator_id }) => operator_id },
    { id: 'why', header: t('why'), width: 180, wideOnly: true, cell: ({ reason }) => reason },
    { id: 'origin', header: t('origin'), width: 100, wideOnly: true, cell: ({ origin }) => origin },
    {
      id: 'status',
      header: t('status'),
      width: 100,
      cell: (row) => <Badge tone={tones[row.status]}>{t(row.status)}</Badge>,
    },
    {
      id: 'took',
      header: t('took'),
      align: 'end',
      width: 100,
      wideOnly: true,
      cell: ({ created_at, completed_at }) =>
        completed_at === null ? '–' : formats.duration(Date.parse(completed_at) - Date.parse(created_at)),
    },
  ]
  return (
    <>
      <PageHead title={shell('invalidations')} about={t('about')}>
        <SelectField
          label={t('status')}
          hideLabel
          value={status ?? ''}
          options={[['', t('any')], ...statuses.map((one) => [one, t(one)] as const)]}
          onChoose={(next) => set({ status: next })}
        />
      </PageHead>
      <Listing
        caption={shell('invalidations')}
        list={list}
        columns={columns}
        keyOf={({ invalidation_id }) => invalidation_id}
        onOpen={setOpen}
        height={660}
        empty={<Empty title={t('none')} about={t('noneAbout')} />}
      />
      {open !== undefined && <Details invalidation={open} onClose={() => setOpen(undefined)} />}
    </>
  )
}

function Details({
  invalidation,
  onClose,
}: {
  readonly invalidation: Invalidation
  readonly onClose: () => void
}) {
  const t = useTranslations('invalidations')
  const formats = useFormats()
  const may = useMay()
  const retry = useAct('invalidationRepeat', { onDone: onClose })
  const { invalidation_id, keys, tags, spaces, tenant, event, status, error, next_attempt_at } = invalidation
  const list = (all: readonly string[]): string | undefined => (all.length === 0 ? undefined : all.join(', '))
  return (
    <Dialog title={t('row', { id: invalidation_id })} open onClose={onClose} shape="side">
      <div className={dialog.stack}>
        <Facts
          facts={[
            [
              t('status'),
              <Badge key="status" tone={tones[status]}>
                {t(status)}
              </Badge>,
            ],
            [t('when'), formats.time(invalidation.created_at)],
            [t('who'), invalidation.operator_id],
            [t('why'), invalidation.reason],
            [t('origin'), invalidation.origin],
            [t('keys'), list(keys)],
            [t('tags'), list(tags)],
            [t('spaces'), list(spaces)],
            [t('tenant'), tenant ?? undefined],
            [t('tries'), formats.count(invalidation.attempts)],
            [t('next'), next_attempt_at === null ? undefined : formats.time(next_attempt_at)],
            [t('error'), error ?? undefined],
          ]}
        />
        {may('invalidationDeliveries') && <Deliveries id={invalidation_id} />}
        {event !== null && (
          <>
            <h3>{t('event')}</h3>
            <Tree value={event} label={t('event')} />
          </>
        )}
        {status === 'failed' && may('invalidationRepeat') && (
          <div className={dialog.foot}>
            <Button onClick={() => retry.mutate({ params: { invalidation_id } })}>{t('retry')}</Button>
          </div>
        )}
      </div>
    </Dialog>
  )
}
