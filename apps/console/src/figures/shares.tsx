import { classes } from '../controls/classes.ts'
import styles from './shares.module.css'

/** One bar among others. */
export interface Share {
  readonly name: string
  /** Its length in relation to the others. */
  readonly value: number
  /** The figure in words. */
  readonly text: string
  readonly more?: string
  /** A colour of tokens.css. @default the accent */
  readonly colour?: string
}

/** Figures beside each other as bars; the longest is as wide as there is room, or `whole` is. */
export function Shares({
  rows,
  whole,
  wideNames = false,
}: {
  readonly rows: readonly Share[]
  readonly whole?: number
  /** Gives half of the room to the names, such as keys. @default false */
  readonly wideNames?: boolean
}) {
  const longest = whole ?? Math.max(...rows.map(({ value }) => value), Number.MIN_VALUE)
  return (
    <ul className={classes(styles.rows, wideNames && styles.wideNames)}>
      {rows.map(({ name, value, text, more, colour = 'var(--accent)' }) => (
        <li key={name} className={styles.row}>
          <span className={styles.name} title={name}>
            {name}
          </span>
          <span className={styles.track} aria-hidden>
            <span
              className={styles.fill}
              style={{
                display: 'block',
                width: value === 0 ? 0 : `${(value / longest) * 100}%`,
                minWidth: value === 0 ? 0 : undefined,
                background: colour,
              }}
            />
          </span>
          <span className={styles.figure}>
            {text}
            {more !== undefined && <small>{more}</small>}
          </span>
        </li>
      ))}
    </ul>
  )
}
