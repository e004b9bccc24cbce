import type { TaskProgress, TaskStep } from './task.ts'

/** What a run has told of itself, to be sent on. */
export interface ProgressRecord {
  readonly progress: (done: number, total?: number, message?: string) => void
  readonly step: <T>(name: string, work: () => Promise<T>) => Promise<T>
  /** What is told so far. */
  current(): TaskProgress
  /** What was told since it was last taken; undefined when nothing was. */
  take(): TaskProgress | undefined
}

/** Steps of a task that are kept. */
const mostSteps = 100

/** Keeps what a run tells; `onChange` hears of each change. */
export function recordProgress(now: () => number, onChange: () => void): ProgressRecord {
  const steps: TaskStep[] = []
  let figures: Omit<TaskProgress, 'steps'> = { done: 0 }
  let taken = true
  const changed = (): void => {
    taken = false
    onChange()
  }
  const current = (): TaskProgress => ({ ...figures, steps: steps.slice(0, mostSteps) })

  return {
    progress(done, total, message) {
      figures = {
        done,
        ...(total === undefined ? {} : { total }),
        ...(message === undefined ? {} : { message: message.slice(0, 500) }),
      }
      changed()
    },
    async step(name, work) {
      const index = steps.length
      const startedAt = now()
      const settle = (state: TaskStep['state']): void => {
        steps[index] = { name, state, startedAt, ...(state === 'running' ? {} : { took: now() - startedAt }) }
        changed()
      }
      settle('running')
      try {
        const result = await work()
        settle('done')
        return result
      } catch (error) {
        settle('failed')
        throw error
      }
    },
    current,
    take() {
      if (taken) return undefined
      taken = true
      return current()
    },
  }
}
