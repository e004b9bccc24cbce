import type { ReactNode } from 'react'

/** One column of a table. */
export interface Column<Row> {
  readonly id: string
  readonly header: string
  readonly cell: (row: Row) => ReactNode
  /** What to sort by. @default the table cannot be sorted by this column */
  readonly sortBy?: (row: Row) => string | number | null
  /** Figures stand at the end, so that their digits are under each other. @default 'start' */
  readonly align?: 'start' | 'end'
  /** Its share of the width, in pixels where there is no more room. @default 120 */
  readonly width?: number
  /** Its width on a phone, in pixels; what does not fit is scrolled to. @default 85 % of `width` */
  readonly narrow?: number
  /** Left out on a phone. @default false */
  readonly wideOnly?: boolean
}
