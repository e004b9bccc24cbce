import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Badge } from '../controls/badge.tsx'
import { Button } from '../controls/button.tsx'
import { Confirm } from '../controls/confirm.tsx'
import { Dialog } from '../controls/dialog.tsx'
import dialog from '../controls/dialog.module.css'
import { Facts } from '../figures/facts.tsx'
import { TimeLeft } from '../figures/time-left.tsx'
import { Tree } from '../figures/tree.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { useNow } from '../figures/use-now.ts'
import { useMay } from '../service/may.ts'
import { useAct, useRead } from '../service/use-service.ts'
import { showDone } from '../shell/notices.ts'
import { Reading } from '../states/reading.tsx'
import type { Column } from '../table/column.ts'
import { DataTable } from '../table/data-table.tsx'
import styles from './entry-details.module.css'
import { type Explanation, useSentence } from './sentence.ts'
import { stateTones } from './state-tones.ts'

/** One entry: what a read of it would do, its value, and where it comes from. */
export function EntryDetails({
  entryKey,
  onTag,
  onClose,
}: {
  readonly entryKey: string
  readonly onTag: (tag: string) => void
  readonly onClose: () => void
}) {
  const t = useTranslations('entries')
  const may = useMay()
  const [asking, setAsking] = useState(false)
  const query = { query: { key: entryKey } }
  const explanation = useRead('entryExplain', query)
  const remove = useAct('entryDelete', {
    changes: ['entries', 'spaces', 'cache'],
    onDone: ({ key }) => {
      showDone(t('deleted', { key }))
      onClose()
    },
  })
  return (
    <Dialog title={entryKey} open onClose={onClose} shape="side">
      <div className={dialog.stack}>
        <Reading from={explanation}>{(data) => <Explained explanation={data} />}</Reading>
        {may('entryRead') && <Value entryKey={entryKey} onTag={onTag} />}
        {may('entryDelete') && (
          <div className={dialog.foot}>
            <Button kind="danger" onClick={() => setAsking(true)}>
              {t('delete')}
            </Button>
          </div>
        )}
      </div>
      <Confirm
        open={asking}
        title={t('deleteTitle')}
        about={t('deleteAbout', { key: entryKey })}
        action={t('delete')}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false)
          remove.mutate(query)
        }}
      />
    </Dialog>
  )
}

function Explained({ explanation }: { readonly explanation: Explanation }) {
  const t = useTranslations('entries')
  const formats = useFormats()
  const sentence = useSentence(explanation)
  const columns: readonly Column<Explanation['tiers'][number]>[] = [
    { id: 'tier', header: t('tier'), width: 74, cell: ({ tier }) => tier },
    {
      id: 'state',
      header: t('state'),
      width: 100,
      cell: ({ state }) => <Badge tone={stateTones[state]}>{t(state)}</Badge>,
    },
    {
      id: 'age',
      header: t('age'),
      align: 'end',
      width: 110,
      cell: ({ age_seconds }) => (age_seconds === null ? '–' : formats.duration(age_seconds * 1000)),
    },
    {
      id: 'size',
      header: t('size'),
      align: 'end',
      width: 80,
      cell: ({ bytes }) => (bytes === null ? '–' : formats.bytes(bytes)),
    },
    { id: 'mark', header: t('mark'), width: 90, wideOnly: true, cell: ({ mark }) => mark ?? '–' },
  ]
  return (
    <>
      <p className={styles.sentence} aria-label={t('explain')}>
        {sentence}
      </p>
      <DataTable
        caption={t('inTiers')}
        columns={columns}
        rows={explanation.tiers}
        keyOf={({ tier }) => tier}
      />
    </>
  )
}

function Value({ entryKey, onTag }: { readonly entryKey: string; readonly onTag: (tag: string) => void }) {
  const t = useTranslations('entries')
  const formats = useFormats()
  const now = useNow()
  // The default keeps an entry that is gone from being a failure.
  const read = useRead('entryRead', { query: { key: entryKey, default: 'null' } })
  return (
    <Reading from={read}>
      {({ entry, value, hidden }) =>
        entry === null ? (
          <p>{t('notFound')}</p>
        ) : (
          <>
            {entry.created_at !== null && (
              <TimeLeft from={entry.created_at} until={entry.expires_at} now={now} />
            )}
            <h3>{t('value')}</h3>
            {hidden ? <p>{t('hidden')}</p> : <Tree value={value} label={t('value')} />}
            <h3>{t('provenance')}</h3>
            <Facts
              facts={[
                [t('space'), entry.space],
                [t('model'), entry.model],
                [t('strategy'), entry.strategy],
                [t('rank'), entry.rank ?? undefined],
                [t('cost'), entry.cost ?? undefined],
                [t('made'), entry.created_at === null ? null : formats.time(entry.created_at)],
                [t('read'), entry.last_read_at === null ? null : formats.time(entry.last_read_at)],
                [t('loadTime'), formats.duration(entry.load_seconds * 1000)],
                [t('version'), <code key="version">{entry.version}</code>],
                [
                  t('tags'),
                  entry.tags.length === 0 ? null : (
                    <span key="tags" className={styles.tags}>
                      {entry.tags.map((tag) => (
                        <Button key={tag} small onClick={() => onTag(tag)}>
                          {tag}
                        </Button>
                      ))}
                    </span>
                  ),
                ],
              ]}
            />
          </>
        )
      }
    </Reading>
  )
}
