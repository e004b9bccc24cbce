import type { ReactNode } from 'react'
import styles from './part.module.css'

/** The head of a page: what it is about, and what can be done on all of it. */
export function PageHead({
  title,
  about,
  children,
}: {
  readonly title: ReactNode
  readonly about?: string | undefined
  readonly children?: ReactNode
}) {
  return (
    <div className={styles.head}>
      <div>
        <h1>{title}</h1>
        {about !== undefined && <p className={styles.about}>{about}</p>}
      </div>
      {children !== undefined && <div className={styles.acts}>{children}</div>}
    </div>
  )
}

/** The parts of a page, under each other. */
export function Parts({ children }: { readonly children: ReactNode }) {
  return <div className={styles.parts}>{children}</div>
}

/** Parts beside each other where there is room. */
export function Two({ children }: { readonly children: ReactNode }) {
  return <div className={styles.two}>{children}</div>
}

/** What is in a part, under each other with air between. */
export function Stack({ children }: { readonly children: ReactNode }) {
  return <div className={styles.stack}>{children}</div>
}

/** One part of a page in a box, with its heading. */
export function Part({
  title,
  more,
  children,
}: {
  readonly title: string
  readonly more?: ReactNode
  readonly children: ReactNode
}) {
  return (
    <section className={styles.part} aria-label={title}>
      <div className={styles.partHead}>
        <h2>{title}</h2>
        {more}
      </div>
      {children}
    </section>
  )
}
