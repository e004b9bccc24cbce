import type { ReactNode } from 'react'
import styles from './badge.module.css'
import { classes } from './classes.ts'

/** How something stands, as a colour. */
export type Tone = 'plain' | 'good' | 'warn' | 'bad' | 'accent'

/** A word or two about how something stands; the colour says it once more. */
export function Badge({ tone = 'plain', children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  return <span className={classes(styles.badge, styles[tone])}>{children}</span>
}

/** A dot before a word. */
export function Dot() {
  return <span className={styles.dot} aria-hidden />
}
