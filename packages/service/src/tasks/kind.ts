import { type Duration, milliseconds } from '@reprise/cache'
import type { z } from 'zod'
import { TaskError } from './errors.ts'
import { wholeNumber } from './settings.ts'

/** Where a task writes its lines: the part of a pino logger that it needs. */
export interface TaskLog {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
}

/** What a running task may use and tell. */
export interface TaskContext {
  /**
   * Fires when the task is to end: it was cancelled, took too long, its worker stops, or somebody else has it. Its reason
   * is a TaskError. A task that does not listen goes on to hold its place.
   */
  readonly signal: AbortSignal
  readonly id: string
  /** Who asked for it. */
  readonly user: { readonly id: string; readonly username: string }
  /** 1 for the first try; more after failures and lost workers. */
  readonly tries: number
  readonly log: TaskLog
  /** Tells how far it is; seen by others a moment later. */
  readonly progress: (done: number, total?: number, message?: string) => void
  /** Runs a part of the task under a name that is seen with its state and its time. */
  readonly step: <T>(name: string, work: () => Promise<T>) => Promise<T>
}

/** Something that can be done as a task. It may run more than once, so doing it twice must be as good as once. */
export interface TaskKind<Input = unknown> {
  /** Lower case words with hyphens, such as `invalidate-many`. */
  readonly name: string
  readonly summary: string
  /** Who may ask for it at least. @default 'operator' */
  readonly role?: 'operator' | 'admin'
  /** Checked when the task is taken and again when it runs. */
  readonly input: z.ZodType<Input>
  /** Runs that fail or are lost before the task is dead. @default 3 */
  readonly maxTries?: number
  /** Before the second try; doubled for each one after it, and spread. @default '2s' */
  readonly backoff?: Duration
  /** The longest that a run may take. @default no limit */
  readonly timeout?: Duration
  /** Does it; resolves to a small summary in JSON. An error whose `retryable` is false ends the task for good. */
  run(input: Input, context: TaskContext): Promise<unknown>
}

/** A kind with its defaults; durations in milliseconds. */
export interface KindSettings {
  readonly kind: TaskKind
  readonly role: 'operator' | 'admin'
  readonly maxTries: number
  readonly backoff: number
  /** Infinity for no limit. */
  readonly timeout: number
}

/** The kinds of an application by name. */
export interface TaskKinds {
  readonly names: readonly string[]
  /** @throws E_TASKS_KIND naming those there are */
  find(name: string): KindSettings
}

/** Puts kinds together; a later one takes the place of an earlier one of its name. @throws E_TASKS_OPTION */
export function defineTaskKinds(kinds: readonly TaskKind[]): TaskKinds {
  const byName = new Map(kinds.map((kind) => [kind.name, readKind(kind)]))
  const names = Object.freeze([...byName.keys()].toSorted())
  return Object.freeze({
    names,
    find(name: string) {
      const found = byName.get(name)
      if (found !== undefined) return found
      throw new TaskError(
        'E_TASKS_KIND',
        `There is no kind of task ${JSON.stringify(name)}; there are ${names.join(', ') || 'none'}`,
      )
    },
  })
}

function readKind(kind: TaskKind): KindSettings {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(kind.name) || kind.name.length > 60) {
    throw new TaskError(
      'E_TASKS_OPTION',
      `A kind of task is named ${JSON.stringify(kind.name)}: give lower case words with hyphens, at most 60 characters`,
    )
  }
  const { role = 'operator', maxTries = 3, backoff = '2s', timeout } = kind
  return Object.freeze({
    kind,
    role,
    maxTries: wholeNumber(`maxTries of ${kind.name}`, maxTries),
    backoff: milliseconds(backoff, `backoff of ${kind.name}`),
    timeout: timeout === undefined ? Infinity : milliseconds(timeout, `timeout of ${kind.name}`),
  })
}
