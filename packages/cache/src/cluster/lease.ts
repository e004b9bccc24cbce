/**
 * How a flight gets the right to load when processes share a store: one script answers with the value, the lease,
 * "wait", or "it failed lately". Who waits is woken by message and asks again at least every 200 ms, so a lost
 * message or a dead holder costs little. When the store is slow or away the flight goes on without a lease: its
 * callers get their value, and nothing is written to the store.
 */
import type { Cluster } from './cluster.ts'
import { foreign } from '../entry/codec.ts'
import { type Engine, countersOf } from '../engine.ts'
import { type Entry, freshness } from '../entry/entry.ts'
import { publish } from '../events.ts'
import type { Flight } from '../load/flight.ts'
import type { LoadRequest } from '../load/load-request.ts'
import { judge } from '../read/read-shared.ts'
import type { AcquireOptions, SharedFailure, SharedKey } from './shared.ts'
import { newToken } from './token.ts'

/** The right to load a key, kept alive by a heart-beat until it is ended. */
export interface Lease {
  readonly token: string
  /** The line of values of the key: that of the value that is there, else one named by the token. */
  readonly line: string
  end(): void
}

/** What became of asking for the right to load. */
export type Obtained =
  | { readonly kind: 'found'; readonly entry: Entry }
  | { readonly kind: 'failed'; readonly failure: SharedFailure; readonly left: number }
  | { readonly kind: 'granted'; readonly lease: Lease }
  /** The store is away. */
  | { readonly kind: 'alone'; readonly error: unknown }
  /** Everybody has left. */
  | { readonly kind: 'abandoned' }

const pollEvery = 200

/** Asks for the right to load until there is an answer. `found` is only an entry that is worth serving. */
export async function obtain(
  engine: Engine,
  cluster: Cluster,
  { flight, request }: { flight: Flight; request: LoadRequest },
): Promise<Obtained> {
  const key: SharedKey = { key: request.key, format: request.space.settings.format }
  const refreshing = request.reason !== 'miss' && request.previous !== undefined
  const forced = request.reason === 'forced'
  let judged: Pick<AcquireOptions, 'judged' | 'removeJudged' | 'force'> = {
    force: forced,
    ...(refreshing ? { judged: request.previous?.version ?? '' } : {}),
  }
  try {
    while (!flight.aborted) {
      const token = newToken(cluster.process)
      const { acquired, head } = await cluster.shared.acquire(key, {
        token,
        lease: cluster.lease,
        ...judged,
      })
      const behind = cluster.follower.reach(head)
      if (behind !== undefined) {
        await behind.catch((error: unknown) => {
          // Nobody will load under this lease; others must not wait for its end.
          if (acquired.kind === 'granted') void cluster.shared.release(key, token).catch(() => {})
          throw error
        })
      }
      if (acquired.kind === 'granted') {
        flight.asOf = head
        flight.ticket.asOf = head
        return { kind: 'granted', lease: keepAlive(engine, cluster, { key, token, line: acquired.gen }) }
      }
      if (acquired.kind === 'failed') return acquired
      if (acquired.kind === 'wait') {
        publish('lease-waited', { space: request.space.name, key: key.key, left: acquired.left })
        await cluster.wakes.wait(key.key, Math.min(acquired.left + 1, pollEvery), flight.controller.signal)
        continue
      }
      const judgement = judge(engine, request, { record: acquired.record, ticket: flight.ticket })
      const { entry, version } = judgement instanceof Promise ? await judgement : judgement
      if (entry !== undefined && serves(engine, flight, request, entry)) return { kind: 'found', entry }
      // What cannot be named by its version, unreadable or written by another program, can only be overruled.
      if (version === undefined || version === foreign) judged = { force: true }
      else judged = { force: forced, judged: version, removeJudged: entry === undefined }
    }
    return { kind: 'abandoned' }
  } catch (error) {
    countersOf(engine, request.space).errors += 1
    publish('tier-failed', { tier: cluster.shared.name, operation: 'read', error })
    return { kind: 'alone', error }
  }
}

/** Whether an entry ends the flight; a stale one is served, and the flight goes on to refresh it. */
function serves(engine: Engine, flight: Flight, request: LoadRequest, entry: Entry): boolean {
  const state = freshness(entry.freshUntil, engine.clock.now(), request.space.settings)
  if (state === 'fresh') return true
  flight.fallback = entry
  if (state === 'stale' && !flight.answered) {
    flight.keepAlive = true
    flight.serve({
      value: entry.value,
      entry,
      outcome: 'stale',
      tier: engine.cluster?.shared.name ?? 'shared',
    })
  }
  return false
}

function keepAlive(
  engine: Engine,
  cluster: Cluster,
  held: { key: SharedKey; token: string; line: string },
): Lease {
  const { key, token, line } = held
  const every = cluster.lease / 3
  let ended = false
  const beat = (): void => {
    if (ended) return
    cluster.shared.extend(key, token, cluster.lease).catch((error: unknown) => {
      publish('tier-failed', { tier: cluster.shared.name, operation: 'write', error })
    })
    timer = engine.clock.setTimeout(beat, every, { background: true })
  }
  let timer = engine.clock.setTimeout(beat, every, { background: true })
  return {
    token,
    line,
    end() {
      ended = true
      timer.cancel()
    },
  }
}
