import { useTranslations } from 'use-intl'
import { Bar } from './bar.tsx'
import styles from './figures.module.css'
import { useFormats } from './use-formats.ts'

/** How much of a life is left: a bar that empties, and the time in words. */
export function TimeLeft({
  from,
  until,
  now,
}: {
  /** ISO instants; `until` is null for what never ends. */
  readonly from: string
  readonly until: string | null
  readonly now: Date
}) {
  const t = useTranslations('states')
  const formats = useFormats()
  if (until === null) return <span className={styles.leftText}>{t('forever')}</span>
  const end = Date.parse(until)
  const left = end - now.getTime()
  const share = left / Math.max(1, end - Date.parse(from))
  const text = left <= 0 ? t('over') : t('left', { time: formats.duration(left) })
  return (
    <div className={styles.left}>
      <Bar
        share={share}
        label={text}
        tone={share > 0.25 ? undefined : share > 0.1 ? styles.warn : styles.bad}
      />
      <span className={styles.leftText}>{text}</span>
    </div>
  )
}
