import { resolve } from 'node:path'
import { type Clock, systemClock } from '../clock.ts'
import { type Duration, milliseconds } from '../duration.ts'
import { RepriseError, quote } from '../errors.ts'

/** Options of the file tier. */
export interface FileTierOptions {
  /** A folder of its own, made when it is missing. Several processes may share it. */
  readonly directory: string
  /** @default 'file' */
  readonly name?: string
  /** Size of all files together, in bytes; sweeps remove the oldest records above it. @default Infinity */
  readonly maxBytes?: number
  /** A record made longer ago is as good as expired. @default Infinity */
  readonly maxAge?: Duration
  /**
   * Whether writes and removals wait for the disk. Without it a process may be killed at any instant and nothing that
   * was confirmed is lost; when the machine itself loses power, the writes of its last seconds can be lost, and
   * records removed in its last seconds can be back. @default false
   */
  readonly fsync?: boolean
  /** Milliseconds after which a read is given up. @default 2 000 */
  readonly readDeadline?: number
  /** @default the machine's clock */
  readonly clock?: Clock
}

/** The options read once. */
export interface FileSettings {
  readonly directory: string
  readonly name: string
  readonly maxBytes: number
  /** Milliseconds. */
  readonly maxAge: number
  readonly fsync: boolean
  readonly readDeadline: number
  readonly clock: Clock
}

/** @throws E_OPTION_INVALID quoting the bad value */
export function settle(options: FileTierOptions): FileSettings {
  const { directory, name = 'file', maxBytes = Infinity, fsync = false, readDeadline = 2_000 } = options
  const maxAge = milliseconds(options.maxAge ?? Infinity, 'maxAge')
  if (typeof directory !== 'string' || directory === '' || directory.includes('\0')) {
    throw new RepriseError(
      'E_OPTION_INVALID',
      `directory is ${quote(directory)}: give the path of a folder that is used for nothing else`,
    )
  }
  for (const [option, value] of Object.entries({ maxBytes, maxAge, readDeadline })) {
    if (typeof value !== 'number' || !(value > 0))
      throw new RepriseError('E_OPTION_INVALID', `${option} is ${quote(value)}: give a number above 0`)
  }
  return Object.freeze({
    directory: resolve(directory),
    name,
    maxBytes,
    maxAge,
    fsync,
    readDeadline,
    clock: options.clock ?? systemClock,
  })
}
