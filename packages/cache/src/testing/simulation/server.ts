/**
 * A model of the scripts of the Redis store: each method is what one script does, whole and at one instant. The
 * conformance of shared stores holds it to what the real scripts do. It can lose its data, or keep it and change
 * its run id, as a restart does.
 */
import { foreign } from '../../entry/codec.ts'
import { RepriseError } from '../../errors.ts'
import { lineOfToken } from '../../cluster/token.ts'
import { lineOf } from '../../entry/line.ts'
import type { AcquireOptions, Acquired, SharedFailure, SharedHead, SharedKey } from '../../cluster/shared.ts'
import type { TierRecord } from '../../tier.ts'
import { type ModelLog, createModelLog } from './server-log.ts'

/** A value at the server; its times are the server's. */
export interface Stored {
  readonly body: TierRecord['body']
  readonly sidecar?: string
  readonly expiresAt: number
  readonly version: string
}

interface Held {
  readonly token: string
  readonly until: number
  /** When an expired lease that nobody took is forgotten. */
  readonly goneAt: number
  /** The document that was there when it was given. */
  readonly document: TierRecord['body'] | undefined
}

/** An answer to acquire, with the value as the server has it. */
export type ModelAcquired =
  | Exclude<Acquired, { kind: 'value' }>
  | { readonly kind: 'value'; readonly stored: Stored }

/** The model of one Redis. */
export interface ModelServer {
  readonly log: ModelLog
  /** @throws E_CATALOG_SHARED */
  claim(descriptor: string): void
  read(key: string): Stored | undefined
  acquire(key: SharedKey, options: AcquireOptions, grace: number): ModelAcquired
  extend(key: string, token: string, lease: number, grace: number): boolean
  store(key: SharedKey, stored: Stored, token: string): boolean
  release(key: string, token: string, failure?: SharedFailure): boolean
  steal(key: string, token: string, options: { readonly lease: number; readonly grace: number }): SharedHead
  remove(keys: readonly string[]): number
  /** Living keys under a prefix, with their sizes, in a lasting order. */
  list(prefix: string): { readonly key: string; readonly bytes: number }[]
  /** Another program writes a plain value. */
  writeForeign(key: string, body: string): void
  time(): number
  /** A restart: with its data or without. Either way the run id is another, and the log begins a new era. */
  restart(keepsData: boolean): void
  /** Called with each key whose lease ends. */
  onWake: (key: string) => void
}

/** A model with nothing in it. */
export function createModelServer(options: {
  readonly time: () => number
  readonly random: () => number
  readonly after: (delay: number, run: () => void) => () => void
}): ModelServer {
  const { time, random, after } = options
  const log = createModelLog(random, after)
  let descriptor: string | undefined
  const values = new Map<string, Stored>()
  const leases = new Map<string, Held>()
  const failures = new Map<string, { failure: SharedFailure; until: number }>()

  const living = (key: string): Stored | undefined => {
    const stored = values.get(key)
    return stored !== undefined && stored.expiresAt > time() ? stored : undefined
  }
  const leaseOf = (key: string): Held | undefined => {
    const held = leases.get(key)
    return held !== undefined && held.goneAt > time() ? held : undefined
  }
  const give = (key: string, lease: Pick<Held, 'token' | 'document'>, length: number, grace: number): void =>
    void leases.set(key, { ...lease, until: time() + length, goneAt: time() + length + grace })

  const server: ModelServer = {
    log,
    time,
    onWake: () => {},
    claim(asked) {
      descriptor ??= asked
      if (asked !== descriptor)
        throw new RepriseError('E_CATALOG_SHARED', `the model belongs to "${descriptor}", not to "${asked}"`)
    },
    read: living,
    acquire({ key, format }, { token, lease, judged, removeJudged = false, force = false }, grace) {
      let stored = living(key)
      if (stored !== undefined) {
        const isJudged = stored.version === judged
        if (!isJudged && !force) return { kind: 'value', stored }
        if (isJudged && removeJudged) {
          values.delete(key)
          stored = undefined
        }
      }
      const held = leaseOf(key)
      if (held !== undefined && held.token !== token && held.until > time())
        return { kind: 'wait', left: held.until - time() }
      const failed = failures.get(key)
      if (failed !== undefined && failed.until > time() && !force)
        return { kind: 'failed', failure: failed.failure, left: failed.until - time() }
      const document = format === 'document' ? stored?.body : undefined
      give(key, { token, document }, lease, grace)
      return { kind: 'granted', gen: (stored && lineOf(stored)) ?? lineOfToken(token) }
    },
    extend(key, token, lease, grace) {
      const held = leaseOf(key)
      if (held?.token !== token) return false
      give(key, held, lease, grace)
      return true
    },
    store({ key, format }, stored, token) {
      const held = leaseOf(key)
      if (held?.token !== token) return living(key)?.version === stored.version
      leases.delete(key)
      server.onWake(key)
      const there = living(key)
      if (format === 'document' && there !== undefined && there.body !== held.document) return false
      failures.delete(key)
      values.set(key, stored)
      return true
    },
    release(key, token, failure) {
      if (leaseOf(key)?.token !== token) return false
      leases.delete(key)
      if (failure !== undefined) failures.set(key, { failure, until: time() + failure.wait })
      server.onWake(key)
      return true
    },
    steal(key, token, { lease, grace }) {
      const before = log.head()
      values.delete(key)
      failures.delete(key)
      give(key, { token, document: undefined }, lease, grace)
      return before
    },
    remove(keys) {
      let count = 0
      for (const key of keys) {
        if (living(key) !== undefined) count += 1
        values.delete(key)
        failures.delete(key)
        if (leases.delete(key)) server.onWake(key)
      }
      return count
    },
    list: (prefix) =>
      [...values.keys()]
        .filter((key) => key.startsWith(prefix) && living(key) !== undefined)
        .toSorted()
        .map((key) => ({ key, bytes: values.get(key)?.body.length ?? 0 })),
    writeForeign: (key, body) => void values.set(key, { body, expiresAt: Infinity, version: foreign }),
    restart(keepsData) {
      log.lose()
      if (keepsData) return
      values.clear()
      leases.clear()
      failures.clear()
    },
  }
  return server
}
