import type { DataOf, Routes } from '@reprise/api'
import { useTranslations } from 'use-intl'
import { tierColour } from '../figures/tier-colour.ts'
import { useFormats } from '../figures/use-formats.ts'
import styles from './waterfall.module.css'

type Step = DataOf<Routes['chatInteract']>['trace'][number]

interface Row extends Step {
  readonly from: number
  readonly times: number
}

// The same read again and again is one row.
function together(steps: readonly Step[]): readonly Row[] {
  const rows: Row[] = []
  let from = 0
  for (const step of steps) {
    const last = rows.at(-1)
    if (
      last !== undefined &&
      last.space === step.space &&
      last.outcome === step.outcome &&
      last.tier === step.tier
    ) {
      rows[rows.length - 1] = {
        ...last,
        times: last.times + 1,
        milliseconds: last.milliseconds + step.milliseconds,
      }
    } else rows.push({ ...step, from, times: 1 })
    from += step.milliseconds
  }
  return rows
}

/** What the cache did for a turn: its reads one after another, each as long as it took. */
export function Waterfall({ steps }: { readonly steps: readonly Step[] }) {
  const t = useTranslations('assistant')
  const formats = useFormats()
  const total = steps.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  const hits = steps.filter(({ outcome }) => outcome !== 'miss').length
  const rows = together(steps)
  return (
    <section className={styles.frame} aria-label={t('trace')}>
      <p className={styles.about}>
        {steps.length === 0
          ? t('fresh')
          : t('traceAbout', { hits: String(hits), all: String(steps.length), time: formats.duration(total) })}
      </p>
      <ol className={styles.steps} tabIndex={0} aria-label={t('trace')}>
        {rows.map(({ space, outcome, tier, shared, milliseconds, from, times }) => (
          <li key={from + space + outcome} className={styles.step}>
            <span className={styles.name} title={space}>
              {space}
              {times > 1 && ` ×${times}`}
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
