import { createHash } from 'node:crypto'

/** An order as the service keeps it. */
export interface Order {
  readonly kind: string
  readonly employee_id: string
  readonly idempotency_key: string | null
  /** How often it was asked for: one booking however often. */
  readonly requests: number
  readonly order: Readonly<Record<string, unknown>>
}

/** The orders of a travel service, in memory. */
export interface Orders {
  /**
   * The order of a request; one whose key was seen is answered as it was. Undefined for a key that came with another
   * body.
   */
  place(request: {
    readonly kind: string
    readonly key: string | undefined
    readonly body: Readonly<Record<string, unknown>>
    readonly make: (number: string) => Readonly<Record<string, unknown>>
  }): { readonly order: Readonly<Record<string, unknown>>; readonly repeated: boolean } | undefined
  list(): readonly Order[]
}

/** Makes an empty set of orders. Numbers are `FL202611210001`: a prefix, the day, a count. */
export function createOrders(now: () => Date): Orders {
  const orders: (Order & { digest: string })[] = []
  return {
    place({ kind, key, body, make }) {
      const digest = createHash('sha256')
        .update(JSON.stringify([kind, body]))
        .digest('hex')
      const at = key === undefined ? -1 : orders.findIndex((one) => one.idempotency_key === key)
      const before = orders[at]
      if (before !== undefined) {
        if (before.digest !== digest) return undefined
        orders[at] = { ...before, requests: before.requests + 1 }
        return { order: before.order, repeated: true }
      }
      const day = now().toISOString().slice(0, 10).replaceAll('-', '')
      const order = make(
        `${kind.slice(0, 2).toUpperCase()}${day}${String(orders.length + 1).padStart(4, '0')}`,
      )
      const employee = body['employee_id']
      orders.push({
        kind,
        employee_id: typeof employee === 'string' ? employee : '',
        idempotency_key: key ?? null,
        requests: 1,
        order,
        digest,
      })
      return { order, repeated: false }
    },
    list: () =>
      orders.map(({ kind, employee_id, idempotency_key, requests, order }) => ({
        kind,
        employee_id,
        idempotency_key,
        requests,
        order,
      })),
  }
}
