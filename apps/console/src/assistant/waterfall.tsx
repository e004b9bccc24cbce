import type { DataOf, Routes } from '@reprise/api'
import { useTranslations } from 'use-intl'
import { tierColour } from '../figures/tier-colour.ts'
import { useFormats } from '../figures/use-formats.ts'
import styles from './waterfall.module.css'

type Step = DataOf<Routes['chatInteract']>['trace'][number]

/** What the cache did for a turn: its reads one after another, each as long as it took. */
export function Waterfall({ steps }: { readonly steps: readonly Step[] }) {
  const t = useTranslations('assistant')
  const formats = useFormats()
  const total = steps.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  const hits = steps.filter(({ outcome }) => outcome !== 'miss').length
  const rows = steps.map((step, index) => ({
    ...step,
    index,
    from: steps.slice(0, index).reduce((sum, { milliseconds }) => sum + milliseconds, 0),
  }))
  return (
    <section className={styles.frame} aria-label={t('trace')}>
      <p className={styles.about}>
        {steps.length === 0
          ? t('fresh')
          : t('traceAbout', { hits: String(hits), all: String(steps.length), time: formats.duration(total) })}
      </p>
      <ol className={styles.steps} tabIndex={0} aria-label={t('trace')}>
        {rows.map(({ index, space, outcome, tier, shared, milliseconds, from }) => (
          <li key={index} className={styles.step}>
            <span className={styles.name} title={space}>
              {space}
            </span>
            <span className={styles.track} aria-hidden>
              <span
                className={styles.mark}
                style={{
                  left: `${(from / (total || 1)) * 97}%`,
                  width: `${(milliseconds / (total || 1)) * 100}%`,
                  background: outcome === 'miss' ? 'var(--load)' : tierColour(tier ?? 'memory'),
                }}
              />
            </span>
            <span className={styles.outcome} title={tier}>
              {shared ? t('shared') : outcome === 'hit' ? (tier ?? t('hit')) : t(outcome)}
            </span>
            <span className={styles.time}>{formats.duration(milliseconds)}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}
