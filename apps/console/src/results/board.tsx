import type { DataOf, Routes } from '@reprise/api'
import { useTranslations } from 'use-intl'
import { Badge, type Tone } from '../controls/badge.tsx'
import { Button } from '../controls/button.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { type ItemOf, useList } from '../service/use-list.ts'
import { Failed, Loading } from '../states/states.tsx'
import styles from './board.module.css'

type Result = ItemOf<'resultList'>
type Shelf = DataOf<Routes['resultShelves']>['shelves'][number]

const states = ['generating', 'valid', 'expired', 'invalidated', 'failed'] as const

/** How each state of a result is coloured. */
const tones: Readonly<Record<(typeof states)[number], Tone>> = {
  generating: 'accent',
  valid: 'good',
  expired: 'plain',
  invalidated: 'warn',
  failed: 'bad',
}

/** The states as columns, with the newest results in each. */
export function Board({
  site,
  type,
  shelves,
  onOpen,
}: {
  readonly site: string
  readonly type: string | undefined
  readonly shelves: readonly Shelf[]
  readonly onOpen: (result: Result) => void
}) {
  const t = useTranslations('results')
  const formats = useFormats()
  const counted = shelves.filter((shelf) => type === undefined || shelf.type === type)
  const countOf = (status: (typeof states)[number]): number =>
    counted.reduce((sum, { results }) => sum + results[status], 0)
  return (
    <div className={styles.board} role="group" tabIndex={0} aria-label={t('site')}>
      {states.map((status) => (
        <section key={status} className={styles.column} aria-label={t(status)}>
          <div className={styles.head}>
            <h2>{t(status)}</h2>
            <Badge tone={tones[status]}>{formats.count(countOf(status))}</Badge>
          </div>
          <Column site={site} type={type} status={status} onOpen={onOpen} />
        </section>
      ))}
    </div>
  )
}

function Column({
  site,
  type,
  status,
  onOpen,
}: {
  readonly site: string
  readonly type: string | undefined
  readonly status: (typeof states)[number]
  readonly onOpen: (result: Result) => void
}) {
  const t = useTranslations('results')
  const formats = useFormats()
  const list = useList(
    'resultList',
    { site, status, ...(type === undefined ? {} : { type }) },
    { every: 5000 },
  )
  if (list.items === undefined) {
    return list.error === null ? <Loading /> : <Failed error={list.error} onRetry={list.again} />
  }
  if (list.items.length === 0) return <p className={styles.none}>{t('nothing')}</p>
  return (
    <div className={styles.cards}>
      {list.items.map((result) => (
        <button key={result.id} type="button" className={styles.card} onClick={() => onOpen(result)}>
          <span className={styles.target} title={result.target}>
            {result.target}
          </span>
          <span className={styles.soft}>
            {result.type} · {result.model} · {result.strategy}
          </span>
          <span className={styles.soft}>
            {formats.ago(result.finished_at ?? result.created_at)}
            {result.upgraded_at !== null && ` · ${t('upgraded')}`}
          </span>
          {result.failure !== null && <span className={styles.soft}>{result.failure}</span>}
        </button>
      ))}
      {list.hasMore && <Button onClick={list.more}>{t('more')}</Button>}
    </div>
  )
}
