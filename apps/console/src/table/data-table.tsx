import {
  type ColumnDef,
  type SortingState,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { type CSSProperties, type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { classes } from '../controls/classes.ts'
import type { Column } from './column.ts'
import styles from './data-table.module.css'

const features = tableFeatures({ rowSortingFeature })
/** The table keeps the order that was asked for; rows it would make anew for all of a list that grew by a page. */
const noRows: readonly never[] = []
const rowHeight = 35
/** Below this number every row is drawn, and the table is as high as they are. */
const few = 60
/** So many rows before the last one more are fetched: whoever scrolls at a run finds them there. */
const ahead = 400

/** What a table shows. */
export interface DataTableProps<Row> {
  /** What the table is about, for screen readers. */
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
  /** Makes the rows open something, by click and by Enter. */
  readonly onOpen?: ((row: Row) => void) | undefined
  /** The height of a long table, in pixels. @default 560 */
  readonly height?: number
  /** Calls when the last rows come near, to fetch more. */
  readonly onEnd?: (() => void) | undefined
}

/** Many times as fast as `localeCompare`, and the same. */
const collator = new Intl.Collator()

function compare(a: string | number | null, b: string | number | null): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return collator.compare(String(a ?? ''), String(b ?? ''))
}

interface Order<Row> {
  readonly sorting: SortingState
  readonly by?: Column<Row>['sortBy']
}

/** A table that sorts, moves by arrow keys, and draws only the rows in sight when there are many. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { caption, columns, rows, keyOf, onOpen, height = 560, onEnd } = props
  const t = useTranslations('states')
  const frame = useRef<HTMLDivElement>(null)
  // With what the rows are sorted by, since columns are made anew at each drawing, and many rows take long to sort.
  const [order, setOrder] = useState<Order<Row>>({ sorting: [] })
  const definitions = useMemo(
    () =>
      columns.map((column): ColumnDef<typeof features, Row> => ({
        id: column.id,
        header: column.header,
        accessorFn: column.sortBy ?? (() => null),
        enableSorting: column.sortBy !== undefined,
        sortDescFirst: column.align === 'end',
      })),
    [columns],
  )
  const table = useTable({
    features,
    columns: definitions,
    data: noRows,
    manualSorting: true,
    state: { sorting: order.sorting },
    onSortingChange(change) {
      const sorting = typeof change === 'function' ? change(order.sorting) : change
      setOrder({ sorting, by: columns.find(({ id }) => id === sorting[0]?.id)?.sortBy })
    },
  })
  const { by } = order
  const sign = order.sorting[0]?.desc === true ? -1 : 1
  const sorted = useMemo(
    () => (by === undefined ? rows : rows.toSorted((one, other) => sign * compare(by(one), by(other)))),
    [rows, by, sign],
  )
  const virtual = sorted.length > few
  const virtualizer = useVirtualizer({
    count: virtual ? sorted.length : 0,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  const items = virtualizer.getVirtualItems()
  const shown = virtual ? items.map(({ index }) => index) : sorted.map((_, index) => index)
  const before = items[0]?.start ?? 0
  const after = virtual ? virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0) : 0
  const lastShown = shown.at(-1) ?? -1
  useEffect(() => {
    if (onEnd !== undefined && lastShown >= sorted.length - 1 - ahead) onEnd()
  }, [lastShown, sorted.length, onEnd])

  const move = (event: KeyboardEvent<HTMLTableRowElement>, row: Row): void => {
    if (event.target !== event.currentTarget) return
    if (event.key === 'Enter') {
      // Else the same key would press the button that what opens puts the focus on.
      event.preventDefault()
      onOpen?.(row)
    }
    const step = { ArrowDown: 'nextElementSibling', ArrowUp: 'previousElementSibling' }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = event.currentTarget[step as 'nextElementSibling']
    if (next instanceof HTMLElement) next.focus()
  }

  const wholeWidth = columns.reduce((sum, { width = 120 }) => sum + width, 0)
  const cellClass = (column: Column<Row>): string =>
    classes(column.align === 'end' && styles.end, column.wideOnly === true && styles.wide)

  return (
    <div
      className={styles.frame}
      ref={frame}
      style={virtual ? { height } : undefined}
      tabIndex={0}
      role="region"
      aria-label={caption}
    >
      <table className={styles.table} aria-rowcount={sorted.length + 1}>
        <colgroup>
          {columns.map(({ id, width = 120, narrow = width * 0.85, wideOnly = false }) => (
            <col
              key={id}
              className={wideOnly ? styles.wide : undefined}
              style={
                { '--share': `${(width / wholeWidth) * 100}%`, '--narrow': `${narrow}px` } as CSSProperties
              }
            />
          ))}
        </colgroup>
        <thead>
          <tr>
            {table.getFlatHeaders().map((header, index) => {
              const column = columns[index]
              if (column === undefined) return null
              const direction = header.column.getIsSorted()
              const Arrow = direction === 'desc' ? ArrowDown : ArrowUp
              return (
                <th
                  key={header.id}
                  scope="col"
                  className={cellClass(column)}
                  aria-sort={
                    direction === false ? undefined : direction === 'asc' ? 'ascending' : 'descending'
                  }
                >
                  {column.sortBy === undefined ? (
                    column.header
                  ) : (
                    <button
                      type="button"
                      className={styles.sort}
                      title={t('sortBy', { column: column.header })}
                      onClick={header.column.getToggleSortingHandler()}
                    >
                      {column.header}
                      {direction !== false && <Arrow size={12} aria-hidden />}
                    </button>
                  )}
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <Spacer height={before} />}
          {shown.map((index) => {
            const row = sorted[index]
            if (row === undefined) return null
            return (
              <tr
                key={keyOf(row)}
                aria-rowindex={index + 2}
                className={onOpen === undefined ? undefined : styles.opens}
                tabIndex={onOpen === undefined ? undefined : 0}
                onClick={onOpen === undefined ? undefined : () => onOpen(row)}
                onKeyDown={(event) => move(event, row)}
              >
                {columns.map((column) => (
                  <td key={column.id} className={cellClass(column)}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            )
          })}
          {after > 0 && <Spacer height={after} />}
        </tbody>
      </table>
    </div>
  )
}

/** Stands for the rows out of sight. One cell: spanning the columns that a phone leaves out would bring their room back. */
function Spacer({ height }: { readonly height: number }) {
  return (
    <tr className={styles.spacer} aria-hidden>
      <td style={{ height }} />
    </tr>
  )
}
