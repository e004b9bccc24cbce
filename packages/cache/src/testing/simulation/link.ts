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

/** Calls whose failure leaves what the store holds unknown. */
const writing: ReadonlySet<keyof Shared> = new Set([
  'extend',
  'store',
  'release',
  'steal',
  'remove',
  'append',
  'prune',
])

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

/** A message that a test holds back. Its caller still gives up at its deadline; released, it goes on as if nothing had been. */
export interface Held {
  /** Whether a message has come that is being held. */
  readonly caught: boolean
  release(): void
}

/** A process's way to the server. `cut` means that nothing passes in either direction. */
export interface Link {
  readonly shared: Shared
  cut: boolean
  /** Holds back the next call of a method until it is released: before it reaches the server, or its reply. */
  hold(method: keyof Shared, leg?: 'request' | 'reply'): Held
}

/** Joins a process to the server. */
export function createLink(options: LinkOptions): Link {
  const { server, scheduler, random, weather, now, alive, deadline } = options
  const wakers = new Set<(key: string) => void>()
  let offset = 0
  const holds: { readonly what: string; catch(go: () => void): void }[] = []
  const link = {
    cut: false,
    hold(method, leg = 'request') {
      let going: (() => void) | undefined
      let released = false
      holds.push({
        what: `${method} ${leg}`,
        catch(go) {
          going = go
          if (released) go()
        },
      })
      return {
        get caught() {
          return going !== undefined
        },
        release() {
          released = true
          going?.()
        },
      }
    },
  } as { -readonly [Name in keyof Link]: Link[Name] }
  /** Lets a message go on its way, or keeps it for the test that wants it. */
  const goOn = (what: string, go: () => void): void => {
    const at = holds.findIndex((hold) => hold.what === what)
    if (at < 0) go()
    else holds.splice(at, 1)[0]?.catch(go)
  }
  const passes = (): boolean => !link.cut && random() >= weather.loss
  // Now and then a message takes far longer than most, so that others overtake it.
  const travel = (): number => (random() < 0.1 ? random() * longestDelay : random() * weather.delay)

  /** Sends one call; `carryOut` happens at the server, whole, at one instant. */
  function call<T>(method: keyof Shared, carryOut: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const code = writing.has(method) ? 'E_TIER_WRITE' : 'E_TIER_READ'
      const giveUp = scheduler.after(deadline, () =>
        reject(new RepriseError(code, `no answer within ${deadline} ms`)),
      )
      if (!passes()) return
      const arrive = (): void => {
        if (weather.frozenUntil > scheduler.now()) {
          scheduler.after(weather.frozenUntil - scheduler.now(), arrive)
          return
        }
        const result = carryOut()
        if (!passes()) return
        goOn(`${method} reply`, () =>
          scheduler.after(travel(), () => {
            giveUp()
            if (alive()) resolve(result)
          }),
        )
      }
      goOn(`${method} request`, () => scheduler.after(travel(), arrive))
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
        call('join', () => ({ ...server.join(), time: server.time() })),
        now(),
      )
    },
    async read(keys) {
      const sentAt = now()
      return timed(
        call('read', () => ({
          records: keys.map(({ key }) => localise(server.read(key))),
          head: server.head(),
          time: server.time(),
        })),
        sentAt,
      )
    },
    async acquire({ key }, asked) {
      const answer = await timed(
        call('acquire', () => {
          const head: SharedHead = server.head()
          return { head, acquired: server.acquire(key, asked), time: server.time() }
        }),
        now(),
      )
      return answer
    },
    extend: ({ key }, token, lease) => call('extend', () => server.extend(key, token, lease)),
    store(record, { token, version }) {
      const life = record.expiresAt - now()
      return call('store', () => server.store(record, { token, version, life }))
    },
    release: async ({ key }, token, failure) =>
      void (await call('release', () => server.release(key, token, failure))),
    steal: ({ key }, token, lease) => call('steal', () => server.steal(key, token, lease)),
    remove: (keys) => call('remove', () => server.remove(keys.map(({ key }) => key))),
    append: (record) => call('append', () => server.append(record)),
    async next(after, wait) {
      const look = (): Awaited<ReturnType<Shared['next']>> => {
        const head = server.head()
        if (head.era !== after.era) return { head, records: [], gap: true }
        return { head, ...server.after(after.n) }
      }
      const first = await call('next', look)
      if (wait === 0 || first.gap || first.records.length > 0) return first
      // The blocking read, as a wait and a second look; short, so that a lost answer is noticed soon.
      await new Promise<void>((resolve) => scheduler.after(Math.min(wait, 20), resolve))
      return call('next', look)
    },
    async onWake(listener) {
      wakers.add(listener)
      return async () => void wakers.delete(listener)
    },
    prune: (floor) => call('prune', () => server.prune(floor)),
    list: (prefix) => call('list', () => ({ keys: server.keys(prefix) })),
    usage: (prefix) => call('usage', () => ({ entries: server.keys(prefix).length, bytes: 0 })),
    ping: () => call('ping', () => undefined),
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
