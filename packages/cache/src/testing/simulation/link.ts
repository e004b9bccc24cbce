/**
 * The network between one process and the model server, as an implementation of `Shared`: each call travels there
 * and back with a delay of its own, so calls overtake each other; either leg may be lost; a frozen server answers
 * when it thaws. A call that the caller has given up at its deadline may still be carried out.
 */
import { RepriseError } from '../../errors.ts'
import type { Shared, SharedHead } from '../../shared.ts'
import type { TierRecord } from '../../tier.ts'
import type { Scheduler } from './scheduler.ts'
import type { ModelServer } from './server.ts'

/** What is wrong with the world at the moment. */
export interface Weather {
  /** Longest delay of one leg, in milliseconds. */
  delay: number
  /** Share of legs that are lost. */
  loss: number
  /** Until when the server does nothing, in the scheduler's time. */
  frozenUntil: number
}

/** Longest delay of a straggler, in milliseconds: two of them are still within a deadline. */
const longestDelay = 28

/** What a link joins. */
export interface LinkOptions {
  readonly server: ModelServer
  readonly scheduler: Scheduler
  readonly random: () => number
  readonly weather: Weather
  /** The clock of the process. */
  readonly now: () => number
  readonly alive: () => boolean
  /** Milliseconds after which a call is given up. */
  readonly deadline: number
}

/** A process's way to the server. `cut` means that nothing passes in either direction. */
export interface Link {
  readonly shared: Shared
  cut: boolean
}

/** Joins a process to the server. */
export function createLink(options: LinkOptions): Link {
  const { server, scheduler, random, weather, now, alive, deadline } = options
  const wakers = new Set<(key: string) => void>()
  let offset = 0
  const link = { cut: false } as { cut: boolean; shared: Shared }
  const passes = (): boolean => !link.cut && random() >= weather.loss
  // Now and then a message takes far longer than most, so that others overtake it.
  const travel = (): number => (random() < 0.1 ? random() * longestDelay : random() * weather.delay)

  /** Sends one call; `carryOut` happens at the server, whole, at one instant. */
  function call<T>(name: 'E_TIER_READ' | 'E_TIER_WRITE', carryOut: () => T, patience = deadline): Promise<T> {
    return new Promise((resolve, reject) => {
      const giveUp = scheduler.after(patience, () =>
        reject(new RepriseError(name, `no answer within ${patience} ms`)),
      )
      if (!passes()) return
      const arrive = (): void => {
        if (weather.frozenUntil > scheduler.now()) {
          scheduler.after(weather.frozenUntil - scheduler.now(), arrive)
          return
        }
        const result = carryOut()
        if (!passes()) return
        scheduler.after(travel(), () => {
          giveUp()
          if (alive()) resolve(result)
        })
      }
      scheduler.after(travel(), arrive)
    })
  }

  /** Notes the server's time that came with a head; never lengthens a life. */
  const timed = async <T extends { readonly time: number }>(sent: Promise<T>, sentAt: number): Promise<T> => {
    const answer = await sent
    offset = answer.time - sentAt
    return answer
  }
  const localise = (record: TierRecord | undefined): TierRecord | undefined => record

  link.shared = {
    name: 'model',
    offset: () => offset,
    open: async () => {},
    async join() {
      return timed(
        call('E_TIER_READ', () => ({ ...server.join(), time: server.time() })),
        now(),
      )
    },
    async read(keys) {
      const sentAt = now()
      return timed(
        call('E_TIER_READ', () => ({
          records: keys.map(({ key }) => localise(server.read(key))),
          head: server.head(),
          time: server.time(),
        })),
        sentAt,
      )
    },
    async acquire({ key }, asked) {
      const answer = await timed(
        call('E_TIER_READ', () => {
          const head: SharedHead = server.head()
          return { head, acquired: server.acquire(key, asked), time: server.time() }
        }),
        now(),
      )
      return answer
    },
    extend: ({ key }, token, lease) => call('E_TIER_WRITE', () => server.extend(key, token, lease)),
    store(record, { token, version }) {
      const life = record.expiresAt - now()
      return call('E_TIER_WRITE', () => server.store(record, { token, version, life }))
    },
    release: async ({ key }, token, failure) =>
      void (await call('E_TIER_WRITE', () => server.release(key, token, failure))),
    steal: ({ key }, token, lease) => call('E_TIER_WRITE', () => server.steal(key, token, lease)),
    remove: (keys) => call('E_TIER_WRITE', () => server.remove(keys.map(({ key }) => key))),
    append: (record) => call('E_TIER_WRITE', () => server.append(record)),
    async next(after, wait) {
      const look = (): Awaited<ReturnType<Shared['next']>> => {
        const head = server.head()
        if (head.era !== after.era) return { head, records: [], gap: true }
        return { head, ...server.after(after.n) }
      }
      const first = await call('E_TIER_READ', look)
      if (wait === 0 || first.gap || first.records.length > 0) return first
      // The blocking read, as a wait and a second look; short, so that a lost answer is noticed soon.
      await new Promise<void>((resolve) => scheduler.after(Math.min(wait, 20), resolve))
      return call('E_TIER_READ', look)
    },
    async onWake(listener) {
      wakers.add(listener)
      return async () => void wakers.delete(listener)
    },
    prune: (floor) => call('E_TIER_WRITE', () => server.prune(floor)),
    list: (prefix) => call('E_TIER_READ', () => ({ keys: server.keys(prefix) })),
    usage: (prefix) => call('E_TIER_READ', () => ({ entries: server.keys(prefix).length, bytes: 0 })),
    ping: () => call('E_TIER_READ', () => undefined),
    close: async () => {},
  }
  const before = server.onWake
  server.onWake = (key) => {
    before(key)
    if (!passes()) return
    scheduler.after(travel(), () => {
      if (alive()) for (const waker of wakers) waker(key)
    })
  }
  return link
}
