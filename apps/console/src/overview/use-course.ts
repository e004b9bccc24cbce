import { useState } from 'react'

/** How many readings the course keeps. */
const most = 90

/** What the course of the hit rate is made from: reads answered and not, since the service started. */
export interface Reads {
  readonly hits: number
  readonly misses: number
}

/** The hit rate between one reading and the next, from 0 to 1, since the page was opened; quiet times are left out. */
export function useCourse(reads: Reads): readonly number[] {
  const [{ before, values }, setCourse] = useState({ before: reads, values: [] as readonly number[] })
  if (reads !== before) {
    const hits = reads.hits - before.hits
    const all = hits + reads.misses - before.misses
    setCourse({ before: reads, values: all > 0 ? [...values, hits / all].slice(-most) : values })
  }
  return values
}
