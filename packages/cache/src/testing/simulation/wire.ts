/**
 * The network between one process and the model server: each call travels there and back with a delay of its own,
 * so calls overtake each other; either leg may be lost; a frozen server answers when it thaws. A call that the
 * caller has given up at its deadline may still be carried out.
 */
import { RepriseError } from '../../errors.ts'
import type { Shared } from '../../cluster/shared.ts'
import type { Scheduler } from './scheduler.ts'

/** What is wrong with the world at the moment. */
export interface Weather {
  /** Longest delay of one leg, in milliseconds. */
  delay: number
  /** Share of legs that are lost. */
  loss: number
  /** Until when the server does nothing, in the scheduler's time. */
  frozenUntil: number
}

/** What a wire joins. */
export interface WireOptions {
  readonly scheduler: Scheduler
  readonly random: () => number
  readonly weather: Weather
  /** Whether the process still lives: to a dead one nothing is told. */
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

/** A call that is more than a question and its answer. */
export interface CallOptions<T> {
  /** Longest wait at the server, in milliseconds. */
  readonly wait?: number
  /** Lets the call be carried out: at once or later. */
  readonly block?: (go: () => void) => void
  /** Hears an answer that came after the caller had given up. */
  readonly late?: (answer: T) => void
}

/** One process's way to the server. */
export interface Wire {
  /** Nothing passes in either direction. */
  cut: boolean
  /** Sends one call; `carryOut` happens at the server, whole, at one instant. @throws E_TIER_READ, E_TIER_WRITE */
  call<T>(method: keyof Shared, carryOut: () => T, options?: CallOptions<T>): Promise<T>
  /** Sends a message from the server that nobody waits for. */
  tell(deliver: () => void): void
  /** Holds back the next call of a method until it is released: before it reaches the server, or its reply. */
  hold(method: keyof Shared, leg?: 'request' | 'reply'): Held
}

/** Longest delay of a straggler, in milliseconds: two of them are still within a deadline of 60 ms. */
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

/** Lays a wire. */
export function createWire({ scheduler, random, weather, alive, deadline }: WireOptions): Wire {
  const holds: { readonly what: string; catch(go: () => void): void }[] = []
  // Now and then a message takes far longer than most, so that others overtake it; those of the log more often.
  const travel = (stragglers = 0.1): number =>
    random() * (random() < stragglers ? longestDelay : weather.delay)
  const passes = (): boolean => !wire.cut && random() >= weather.loss
  /** Lets a message go on its way, or keeps it for the test that wants it. */
  const send = (what: string, go: () => void): void => {
    const at = holds.findIndex((hold) => hold.what === what)
    if (at < 0) go()
    else holds.splice(at, 1)[0]?.catch(go)
  }

  /** Does something once the server is not frozen. */
  const thawed = (act: () => void): void => {
    const left = weather.frozenUntil - scheduler.now()
    if (left > 0) scheduler.after(left, () => thawed(act))
    else act()
  }

  const wire: Wire = {
    cut: false,
    call: <T>(method: keyof Shared, carryOut: () => T, options: CallOptions<T> = {}) =>
      new Promise<T>((resolve, reject) => {
        const code = writing.has(method) ? 'E_TIER_WRITE' : 'E_TIER_READ'
        const patience = deadline + (options.wait ?? 0)
        let waited = true
        const cancel = scheduler.after(patience, () => {
          waited = false
          reject(new RepriseError(code, `no answer within ${patience} ms`))
        })
        const settle = (result: T): void => {
          cancel()
          if (!alive()) return
          if (waited) resolve(result)
          else options.late?.(result)
        }
        const answer = (): void => {
          let result: T
          try {
            result = carryOut()
          } catch (error) {
            scheduler.after(travel(), () => reject(error))
            return cancel()
          }
          if (passes())
            send(`${method} reply`, () =>
              scheduler.after(travel(method === 'next' ? 0.3 : 0.1), () => settle(result)),
            )
        }
        const arrive = (): void => {
          if (options.block === undefined) answer()
          else options.block(() => thawed(answer))
        }
        if (passes()) send(`${method} request`, () => scheduler.after(travel(), () => thawed(arrive)))
      }),
    tell(deliver) {
      if (passes()) scheduler.after(travel(), () => alive() && deliver())
    },
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
  }
  return wire
}
