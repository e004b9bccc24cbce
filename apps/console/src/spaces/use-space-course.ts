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

interface State {
  readonly counts: Counts
  readonly at: number
  readonly course: Course
}

const none: Course = { times: [], hits: [], loads: [] }

/** The course of a space, one point longer at every reading; `at` is when the counts were read, in milliseconds. */
export function useSpaceCourse(counts: Counts, at: number): Course {
  const [state, setState] = useState<State>({ counts, at, course: none })
  if (at !== state.at) {
    const { counts: before, course } = state
    const seconds = (at - state.at) / 1000
    setState({
      counts,
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
