import { useTranslations } from 'use-intl'
import { Dialog } from '../controls/dialog.tsx'
import type { ItemOf } from '../service/use-list.ts'
import styles from './comparison.module.css'
import { differencesOf } from './difference.ts'

/** A result with its value. */
export interface Valued extends Pick<ItemOf<'resultList'>, 'id' | 'model' | 'strategy'> {
  readonly value: unknown
}

function text(value: unknown): string {
  return value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value, null, 1)
}

/** Two results side by side: only where they differ. */
export function Comparison({
  older,
  newer,
  onClose,
}: {
  readonly older: Valued
  readonly newer: Valued
  readonly onClose: () => void
}) {
  const t = useTranslations('results')
  const rows = differencesOf(older.value, newer.value)
  return (
    <Dialog title={t('compare')} open onClose={onClose} shape="wide">
      {rows.length === 0 ? (
        <p>{t('same')}</p>
      ) : (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('path')}</th>
              {[older, newer].map(({ id, model, strategy }) => (
                <th key={id} scope="col">
                  {t('before', { id: String(id) })} · {model} · {strategy}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ path, left, right }) => (
              <tr key={path}>
                <td>{path}</td>
                <td className={styles.left}>{text(left)}</td>
                <td className={styles.right}>{text(right)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Dialog>
  )
}
