import { classes } from '../controls/classes.ts'
import styles from './hours.module.css'

/** Counts as bars beside each other, such as those of the hours of a day. */
export function Hours({
  bars,
  label,
}: {
  readonly bars: readonly { readonly name: string; readonly count: number }[]
  readonly label: string
}) {
  const most = Math.max(1, ...bars.map(({ count }) => count))
  return (
    <figure
      aria-label={`${label}: ${bars
        .filter(({ count }) => count > 0)
        .map(({ name, count }) => `${name} ${count}`)
        .join(', ')}`}
      role="img"
    >
      <div className={styles.hours}>
        {bars.map(({ name, count }) => (
          <div
            key={name}
            title={`${name}: ${count}`}
            className={classes(styles.hour, count === 0 && styles.none)}
            style={{ height: `${(count / most) * 100}%` }}
          />
        ))}
      </div>
      <div className={styles.axis}>
        <span>{bars[0]?.name}</span>
        <span>{bars.at(-1)?.name}</span>
      </div>
    </figure>
  )
}
