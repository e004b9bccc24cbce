import type { Call, CallOutcome, Executor } from '../src/dialogue/execute.ts'

/** A travel service for tests: it books once for each idempotency key, and tells what it was asked. */
export interface Travel extends Executor {
  /** Every call, in their order. */
  readonly calls: Call[]
  /** Bookings by idempotency key. */
  readonly orders: ReadonlyMap<string, Call>
  /** So many next calls fail. */
  failures: number
}

/** Makes a travel service with nothing booked. */
export function createTravel(): Travel {
  const calls: Call[] = []
  const orders = new Map<string, Call>()
  const travel: Travel = {
    calls,
    orders,
    failures: 0,
    async execute(call): Promise<CallOutcome> {
      calls.push(call)
      if (travel.failures > 0) {
        travel.failures -= 1
        return { ok: false, code: 'TIMEOUT', message: 'no answer within 30 s' }
      }
      if (call.definition.is_idempotent) return { ok: true, result: { balance: 5000 } }
      const known = [...orders.keys()].indexOf(call.idempotencyKey)
      if (known < 0) orders.set(call.idempotencyKey, call)
      const number = known < 0 ? orders.size : known + 1
      return { ok: true, result: { order_id: `T${String(number).padStart(4, '0')}` } }
    },
  }
  return travel
}
