import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Dialog } from '../controls/dialog.tsx'
import { Facts } from '../figures/facts.tsx'
import { Part } from '../figures/part.tsx'
import { Tree } from '../figures/tree.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { type ItemOf, useList } from '../service/use-list.ts'
import { Empty, Failed, Loading } from '../states/states.tsx'
import type { Column } from '../table/column.ts'
import { Listing } from '../table/listing.tsx'
import { Lanes } from './lanes.tsx'

type Event = ItemOf<'timelineEvents'>

/** The timeline of a session: its events as lanes, one for each category and resource, and as a list. */
export function Timeline({
  site,
  session,
  scene,
}: {
  readonly site: string
  readonly session: string
  readonly scene: string
}) {
  const t = useTranslations('sessions')
  const formats = useFormats()
  const [open, setOpen] = useState<Event>()
  const list = useList('timelineEvents', { site, session_id: session, ...(scene === '' ? {} : { scene }) })
  if (list.items === undefined) {
    return list.error === null ? <Loading /> : <Failed error={list.error} onRetry={list.again} />
  }
  const columns: readonly Column<Event>[] = [
    { id: 'when', header: t('when'), width: 150, cell: ({ at }) => formats.time(at) },
    {
      id: 'category',
      header: t('category'),
      width: 150,
      sortBy: ({ category }) => category,
      cell: ({ category }) => category,
    },
    {
      id: 'resource',
      header: t('resource'),
      width: 260,
      sortBy: ({ resource }) => resource,
      cell: ({ resource }) => resource,
    },
    { id: 'model', header: t('model'), width: 120, wideOnly: true, cell: ({ model }) => model },
    { id: 'strategy', header: t('strategy'), width: 120, wideOnly: true, cell: ({ strategy }) => strategy },
  ]
  return (
    <>
      {list.items.length > 0 && (
        <Part title={t('lanes')}>
          <Lanes events={list.items} onOpen={setOpen} />
        </Part>
      )}
      <Listing
        caption={t('events')}
        list={list}
        columns={columns}
        keyOf={({ sequence }) => String(sequence)}
        onOpen={setOpen}
        empty={<Empty title={t('noEvents')} />}
      />
      {open !== undefined && (
        <Dialog
          title={t('event', { sequence: String(open.sequence) })}
          open
          onClose={() => setOpen(undefined)}
          shape="side"
        >
          <Facts
            facts={[
              [t('when'), formats.time(open.at)],
              [t('category'), open.category],
              [t('resource'), open.resource],
              [t('model'), open.model],
              [t('strategy'), open.strategy],
            ]}
          />
          <h3 style={{ margin: '14px 0 6px' }}>{t('payload')}</h3>
          <Tree value={open.payload} label={t('payload')} />
        </Dialog>
      )}
    </>
  )
}
