import { useState } from 'react'

/** How many readings the course keeps: an hour at one every two seconds. */
const most = 1800

/** What the course is made from: figures since the service started. */
export interface Counts {
  readonly hits: number
  readonly misses: number
}

/** Hits and loads per second between one reading and the next, since the page was opened; times are seconds since 1970. */
export interface Course {
  readonly times: readonly number[]
  readonly hits: readonly number[]
  readonly loads: readonly number[]
}

/** The course of a space, one point longer at every reading. */
export function useSpaceCourse(counts: Counts): Course {
  const [state, setState] = useState(() => ({
    before: counts,
    at: Date.now(),
    course: { times: [], hits: [], loads: [] } as Course,
  }))
  if (counts !== state.before) {
    const { before, course } = state
    // eslint-disable-next-line react/purity -- the moment of a reading is what is kept
    const at = Date.now()
    const seconds = Math.max(0.001, (at - state.at) / 1000)
    setState({
      before: counts,
      at,
      course: {
        times: [...course.times, at / 1000].slice(-most),
        hits: [...course.hits, Math.max(0, counts.hits - before.hits) / seconds].slice(-most),
        loads: [...course.loads, Math.max(0, counts.misses - before.misses) / seconds].slice(-most),
      },
    })
  }
  return state.course
}
