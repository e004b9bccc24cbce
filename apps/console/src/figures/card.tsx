import type { ReactNode } from 'react'
import styles from './figures.module.css'

/** A row of figures. */
export function Cards({ children }: { readonly children: ReactNode }) {
  return <dl className={styles.cards}>{children}</dl>
}

/** One figure with its name; `more` says where it comes from, a picture may follow. */
export function Card({
  name,
  value,
  more,
  children,
}: {
  readonly name: string
  readonly value: string
  readonly more?: string | undefined
  readonly children?: ReactNode
}) {
  return (
    <div className={styles.card}>
      <dt className={styles.name}>{name}</dt>
      <dd>
        <div className={styles.value}>{value}</div>
        {more !== undefined && <div className={styles.more}>{more}</div>}
        {children}
      </dd>
    </div>
  )
}
