import type { ReactNode } from 'react'
import { LanguageChoice, ThemeChoice } from '../shell/choices.tsx'
import styles from './entrance.module.css'

/** The page before the pages: one form in the middle. */
export function Entrance({
  title,
  about,
  children,
}: {
  readonly title: string
  readonly about: string
  readonly children: ReactNode
}) {
  return (
    <div className={styles.entrance}>
      <div className={styles.choices}>
        <LanguageChoice />
        <ThemeChoice />
      </div>
      <main className={styles.box}>
        <div className={styles.head}>
          <img src="/console/icon.svg" alt="" />
          <h1>{title}</h1>
          <p className={styles.about}>{about}</p>
        </div>
        {children}
      </main>
    </div>
  )
}
