import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { IconButton } from '../controls/button.tsx'
import styles from './pager.module.css'

/** Turns the pages of a list that is read page by page. */
export function Pager({
  page,
  size,
  sizes,
  total,
  onTurn,
  onSize,
}: {
  /** From 1. */
  readonly page: number
  readonly size: number
  readonly sizes: readonly number[]
  readonly total: number
  readonly onTurn: (page: number) => void
  readonly onSize: (size: number) => void
}) {
  const t = useTranslations('states')
  const pages = Math.max(1, Math.ceil(total / size))
  return (
    <div className={styles.pager}>
      <span>{t('rows', { count: total })}</span>
      <label className={styles.size}>
        {t('perPage')}
        <select value={size} onChange={(event) => onSize(Number(event.target.value))}>
          {sizes.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </label>
      <span className={styles.turn}>
        <IconButton small label={t('previous')} disabled={page <= 1} onClick={() => onTurn(page - 1)}>
          <ChevronLeft size={16} aria-hidden />
        </IconButton>
        {t('page', { page: String(page), pages: String(pages) })}
        <IconButton small label={t('next')} disabled={page >= pages} onClick={() => onTurn(page + 1)}>
          <ChevronRight size={16} aria-hidden />
        </IconButton>
      </span>
    </div>
  )
}
