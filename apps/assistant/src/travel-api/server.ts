import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { z } from 'zod'
import { balanceOf, flightsOf, hotelsOf, trainOf } from './offers.ts'
import { type Order, createOrders } from './orders.ts'

/** A travel service for the demo: flights, trains, hotels, expenses and balances, nothing of it real. */
export interface TravelApi {
  /** Listens on the loopback interface; resolves with the address. @param port 0 for a free one */
  listen(port: number): Promise<string>
  orders(): readonly Order[]
  close(): Promise<void>
}

const text = z.string().min(1).max(200)
const date = z.iso.date()
const optional = text.optional()

const queries = {
  flights: z.object({ from: text, to: text, date }),
  hotels: z.object({ city: text, check_in: date }),
  order: z.object({ idempotency_key: text }),
  balance: z.object({ account: text, employee_id: text }),
}

const bodies = {
  flight: z.object({ from: text, to: text, date, employee_id: text, class: optional, airline: optional }),
  train: z.object({ from: text, to: text, date, employee_id: text, seat: optional, period: optional }),
  hotel: z.object({ city: text, check_in: date, check_out: date, employee_id: text, chain: optional }),
  expense: z.object({ employee_id: text, amount: z.coerce.number().positive() }).loose(),
}

type Body<Kind extends keyof typeof bodies> = z.output<(typeof bodies)[Kind]>

type Makers = {
  readonly [Kind in keyof typeof bodies]: (body: Body<Kind>) => Readonly<Record<string, unknown>>
}

const makers: Makers = {
  flight: ({ from, to, date: day, airline: wanted }) => {
    const offers = flightsOf(from, to, day)
    return { ...(offers.find(({ airline }) => airline === wanted) ?? offers[0]), seat: '12A' }
  },
  train: ({ from, to, date: day }) => ({ ...trainOf(from, to, day), currency: 'CNY' }),
  hotel: ({ city, check_in, chain: wanted }) => {
    const offers = hotelsOf(city, check_in)
    return { ...(offers.find(({ chain }) => chain === wanted) ?? offers[0]) }
  },
  expense: ({ amount }) => ({ amount, currency: 'CNY' }),
}

/** Makes the service. Every request needs `Authorization: Bearer` and the token, where one is set. */
export function createTravelApi(
  options: { readonly token?: string; readonly now?: () => Date } = {},
): TravelApi {
  const { token, now = () => new Date() } = options
  const app: FastifyInstance = Fastify({ logger: false, forceCloseConnections: true })
  const orders = createOrders(now)

  app.addHook('onRequest', async (request, reply) => {
    if (token === undefined || request.headers.authorization === `Bearer ${token}`) return
    await reply.code(401).send({ error: 'The token is missing or not the right one' })
  })
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof z.ZodError) return reply.code(422).send({ error: z.prettifyError(error) })
    const { statusCode = 500, message } = error as { statusCode?: number; message: string }
    return reply.code(statusCode).send({ error: message })
  })

  app.get('/v1/flights', async ({ query }) => {
    const asked = queries.flights.parse(query)
    return { flights: flightsOf(asked.from, asked.to, asked.date) }
  })
  app.get('/v1/hotels', async ({ query }) => {
    const { city, check_in } = queries.hotels.parse(query)
    return { hotels: hotelsOf(city, check_in) }
  })
  app.get('/v1/accounts/balance', async ({ query }) => {
    const { account, employee_id } = queries.balance.parse(query)
    return balanceOf(account, employee_id)
  })
  app.get('/v1/orders', async ({ query }, reply) => {
    const { idempotency_key: key } = queries.order.parse(query)
    const found = orders.list().find((one) => one.idempotency_key === key)
    return found?.order ?? reply.code(404).send({ error: 'There is no order of this key' })
  })
  app.get('/v1/bookings', async () => ({ bookings: orders.list() }))

  function order(path: string, kind: keyof typeof bodies): void {
    const make = makers[kind] as (body: unknown) => Readonly<Record<string, unknown>>
    app.post(path, async (request: FastifyRequest, reply) => {
      const body = bodies[kind].parse(request.body)
      const key = request.headers['idempotency-key']
      const placed = orders.place({
        kind,
        key: typeof key === 'string' ? key : undefined,
        body,
        make: (number) => ({ success: true, order_id: number, status: 'confirmed', ...make(body) }),
      })
      if (placed === undefined) {
        return reply.code(422).send({ error: 'This idempotency key belongs to another order' })
      }
      return reply.code(placed.repeated ? 200 : 201).send(placed.order)
    })
  }
  order('/v1/booking', 'flight')
  order('/v1/trains/booking', 'train')
  order('/v1/hotels/booking', 'hotel')
  order('/v1/expenses', 'expense')

  return {
    listen: (port) => app.listen({ host: '127.0.0.1', port }),
    orders: () => orders.list(),
    close: () => app.close(),
  }
}
