import { classes } from '../controls/classes.ts'
import styles from './figures.module.css'

/** How full something is, from 0 to 1: green below a half, orange below four fifths, red above (document 001). */
export function UsageBar({ share, label }: { readonly share: number; readonly label: string }) {
  const tone = share < 0.5 ? styles.good : share < 0.8 ? styles.warn : styles.bad
  return <Bar share={share} label={label} tone={tone} />
}

/** A share from 0 to 1 as a bar. */
export function Bar({
  share,
  label,
  tone,
}: {
  readonly share: number
  readonly label: string
  readonly tone?: string | undefined
}) {
  const percent = Math.round(Math.min(1, Math.max(0, share)) * 1000) / 10
  return (
    <div
      className={styles.bar}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <div className={classes(styles.fill, tone)} style={{ width: `${percent}%` }} />
    </div>
  )
}
