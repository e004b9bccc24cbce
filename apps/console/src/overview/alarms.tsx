import type { DataOf, Routes } from '@reprise/api'
import { useTranslations } from 'use-intl'
import { Badge, type Tone } from '../controls/badge.tsx'
import { Button } from '../controls/button.tsx'
import { Part } from '../figures/part.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { useMay } from '../service/may.ts'
import { type List, useList } from '../service/use-list.ts'
import { useAct } from '../service/use-service.ts'
import type { Column } from '../table/column.ts'
import { Listing } from '../table/listing.tsx'
import { ruleFigure } from './rule-figure.ts'

type Alarm = DataOf<Routes['alarmAcknowledge']>

/** How often alarms are read, in milliseconds; an event says sooner that there is one. */
const every = 10_000

const noticeTones: Readonly<Record<Alarm['webhook'], Tone>> = {
  none: 'plain',
  pending: 'plain',
  delivered: 'good',
  failed: 'bad',
}

/** The alarms that are on, or those that were, the last one first; nothing while there are none. */
export function Alarms({ state }: { readonly state: 'active' | 'past' }) {
  const t = useTranslations('overview')
  const list = useList('alarmList', { state }, { every })
  if (list.error === null && (list.items ?? []).length === 0) return null
  const title = t(state === 'active' ? 'alarmsOn' : 'alarmsPast')
  return (
    <Part title={title}>
      <AlarmTable caption={title} list={list} />
    </Part>
  )
}

function AlarmTable({ caption, list }: { readonly caption: string; readonly list: List<Alarm> }) {
  const t = useTranslations('overview')
  const formats = useFormats()
  const may = useMay()
  const acknowledge = useAct('alarmAcknowledge')
  const columns: readonly Column<Alarm>[] = [
    {
      id: 'alarm',
      header: t('alarm'),
      width: 240,
      narrow: 150,
      cell: ({ rule, subject, message }) => (
        <span title={message}>
          {t(rule)} {subject}
        </span>
      ),
    },
    {
      id: 'figure',
      header: t('lastFigure'),
      align: 'end',
      width: 90,
      cell: ({ rule, last_value }) => ruleFigure(formats, rule, last_value),
    },
    {
      id: 'known',
      header: t('known'),
      width: 120,
      cell: ({ id, ended_at, acknowledged_by }) =>
        acknowledged_by ??
        (ended_at === null && may('alarmAcknowledge') ? (
          <Button small onClick={() => acknowledge.mutate({ params: { id: String(id) }, body: {} })}>
            {t('acknowledge')}
          </Button>
        ) : (
          '–'
        )),
    },
    { id: 'since', header: t('since'), width: 130, cell: ({ started_at }) => formats.time(started_at) },
    {
      id: 'until',
      header: t('until'),
      width: 130,
      wideOnly: true,
      cell: ({ ended_at }) =>
        ended_at === null ? <Badge tone="bad">{t('active')}</Badge> : formats.time(ended_at),
    },
    {
      id: 'notice',
      header: t('webhook'),
      width: 100,
      wideOnly: true,
      cell: ({ webhook }) =>
        webhook === 'none' ? '–' : <Badge tone={noticeTones[webhook]}>{t(webhook)}</Badge>,
    },
  ]
  return (
    <Listing
      caption={caption}
      list={list}
      columns={columns}
      keyOf={({ id }) => String(id)}
      height={260}
      empty={null}
    />
  )
}
