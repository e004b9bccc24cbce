import type { Call, CallOutcome, Executor } from '../src/dialogue/execute.ts'

/** A travel service for tests: it books once for each idempotency key, and tells what it was asked. */
export interface Travel extends Executor {
  /** Every call, in their order. */
  readonly calls: Call[]
  /** Bookings by idempotency key. */
  readonly orders: ReadonlyMap<string, Call>
  /** The answers of so many next calls are lost: what was asked for is done all the same. */
  lost: number
  /** What happens elsewhere while the next call is under way. */
  during: (() => Promise<unknown>) | undefined
}

/** Makes a travel service with nothing booked. */
export function createTravel(): Travel {
  const calls: Call[] = []
  const orders = new Map<string, Call>()
  const travel: Travel = {
    calls,
    orders,
    lost: 0,
    during: undefined,
    async execute(call): Promise<CallOutcome> {
      calls.push(call)
      const { during } = travel
      travel.during = undefined
      await during?.()
      const result = carryOut(call)
      if (travel.lost === 0) return { ok: true, result }
      travel.lost -= 1
      return { ok: false, code: 'TIMEOUT', message: 'no answer within 30 s' }
    },
  }

  function carryOut(call: Call): Readonly<Record<string, unknown>> {
    if (call.definition.is_idempotent) return { balance: 5000 }
    const known = [...orders.keys()].indexOf(call.idempotencyKey)
    if (known < 0) orders.set(call.idempotencyKey, call)
    const number = known < 0 ? orders.size : known + 1
    return { order_id: `T${String(number).padStart(4, '0')}` }
  }
  return travel
}
