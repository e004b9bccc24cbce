import { useTranslations } from 'use-intl'
import { differencesOf } from './difference.ts'
import styles from './differences.module.css'

/** One of two values that are compared, with what it is called. */
export interface Side {
  readonly title: string
  readonly value: unknown
}

function text(value: unknown): string {
  return value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value, null, 1)
}

/** Two values side by side: only where they differ. */
export function Differences({ left, right }: { readonly left: Side; readonly right: Side }) {
  const t = useTranslations('states')
  const rows = differencesOf(left.value, right.value)
  if (rows.length === 0) return <p>{t('same')}</p>
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t('place')}</th>
          <th scope="col">{left.title}</th>
          <th scope="col">{right.title}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.path}>
            <td>{row.path}</td>
            <td className={styles.left}>{text(row.left)}</td>
            <td className={styles.right}>{text(row.right)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
