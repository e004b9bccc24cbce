import { type Duration, milliseconds } from '@reprise/cache'
import { TaskError } from './errors.ts'

/** How many tasks may run and wait. All processes of a cluster must be given the same. */
export interface TaskLimits {
  /** Tasks of one user that are processing. @default 3 */
  readonly perUser: number
  /** Tasks of all that are processing. @default 10 */
  readonly global: number
  /** Tasks of one user that wait. @default 1000 */
  readonly backlogPerUser: number
  /** Tasks of all that wait. @default 10000 */
  readonly backlog: number
}

/** What a gate is made with. */
export interface GateOptions {
  readonly limits?: Partial<TaskLimits>
  /** After this silence a worker counts as dead, and its task goes to another one. @default '30s' */
  readonly lease?: Duration
  /** How long completed and cancelled tasks are kept. @default '7d' */
  readonly keepFinished?: Duration
  /** How long dead tasks are kept. @default '30d' */
  readonly keepDead?: Duration
  /** Milliseconds since 1970. @default the clock of the server that keeps the tasks */
  readonly now?: () => number
}

/** Options read once; durations in milliseconds. */
export interface GateSettings {
  readonly limits: TaskLimits
  readonly lease: number
  readonly keepFinished: number
  readonly keepDead: number
  /** Undefined for the server's clock. */
  readonly now: (() => number) | undefined
}

/** The settings of options. @throws E_TASKS_OPTION; E_TTL_INVALID for what is no duration */
export function readGateSettings(options: GateOptions): GateSettings {
  const { limits = {} } = options
  return Object.freeze({
    limits: Object.freeze({
      perUser: wholeNumber('limits.perUser', limits.perUser ?? 3),
      global: wholeNumber('limits.global', limits.global ?? 10),
      backlogPerUser: wholeNumber('limits.backlogPerUser', limits.backlogPerUser ?? 1_000),
      backlog: wholeNumber('limits.backlog', limits.backlog ?? 10_000),
    }),
    lease: atLeast('lease', options.lease ?? '30s', 10),
    keepFinished: atLeast('keepFinished', options.keepFinished ?? '7d', 0),
    keepDead: atLeast('keepDead', options.keepDead ?? '30d', 0),
    now: options.now,
  })
}

/** A whole number of 1 or more. @throws E_TASKS_OPTION naming the option */
export function wholeNumber(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value
  throw new TaskError('E_TASKS_OPTION', `${name} is ${String(value)}: give a whole number of 1 or more`)
}

function atLeast(name: string, value: Duration, least: number): number {
  const length = milliseconds(value, name)
  if (length >= least && Number.isFinite(length)) return Math.ceil(length)
  throw new TaskError('E_TASKS_OPTION', `${name} is ${String(value)}: give at least ${least} ms, and an end`)
}
