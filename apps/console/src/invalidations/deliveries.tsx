import type { DataOf, Routes } from '@reprise/api'
import { useTranslations } from 'use-intl'
import { Badge, type Tone } from '../controls/badge.tsx'
import { useFormats } from '../figures/use-formats.ts'
import { useNow } from '../figures/use-now.ts'
import { useRead } from '../service/use-service.ts'
import { Reading } from '../states/reading.tsx'
import styles from './deliveries.module.css'

type Process = DataOf<Routes['invalidationDeliveries']>['processes'][number]

const tones: Readonly<Record<Process['state'], Tone>> = { applied: 'good', pending: 'accent', silent: 'bad' }

const states = { applied: 'hasApplied', pending: 'onItsWay', silent: 'silent' } as const

/** Which processes have applied an invalidation, and how far behind the others are. */
export function Deliveries({ id }: { readonly id: string }) {
  const t = useTranslations('invalidations')
  const read = useRead('invalidationDeliveries', { params: { invalidation_id: id } }, { every: 2000 })
  return (
    <section aria-label={t('deliveries')}>
      <h3>{t('deliveries')}</h3>
      <Reading from={read} lines={2}>
        {({ applied, processes }) => (
          <>
            <p>{t('applied', { applied: String(applied), all: String(processes.length) })}</p>
            <ul className={styles.processes}>
              {processes.map((process) => (
                <ProcessLine key={process.process} process={process} />
              ))}
            </ul>
          </>
        )}
      </Reading>
    </section>
  )
}

function ProcessLine({ process: { process, own, state, behind, seen_at } }: { readonly process: Process }) {
  const t = useTranslations('invalidations')
  const formats = useFormats()
  const now = useNow()
  return (
    <li>
      <code>{process}</code>
      {own && <span className={styles.soft}>{t('own')}</span>}
      <span className={styles.state}>
        {behind !== null && behind > 0 && (
          <span className={styles.soft}>{t('behind', { count: behind })}</span>
        )}
        {state === 'silent' && <span className={styles.soft}>{formats.ago(seen_at, now)}</span>}
        <Badge tone={tones[state]}>{t(states[state])}</Badge>
      </span>
    </li>
  )
}
