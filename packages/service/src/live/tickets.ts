import { randomBytes } from 'node:crypto'

/** One-time stand-ins for a token in an address, where the token itself must not be: addresses are logged. */
export interface Tickets {
  /** A ticket for a token, and until when it is good, milliseconds since 1970. */
  make(token: string): { readonly ticket: string; readonly until: number }
  /** The token of a ticket, which is used up by it; undefined where it is none, or none any more. */
  take(ticket: string): string | undefined
}

/** Tickets of this process, kept in memory. */
export function createTickets(options: {
  readonly now: () => number
  /** Milliseconds. @default 30 000 */
  readonly life?: number
  /** The oldest go first beyond these. @default 1000 */
  readonly most?: number
}): Tickets {
  const { now, life = 30_000, most = 1_000 } = options
  const tickets = new Map<string, { readonly token: string; readonly until: number }>()
  return {
    make(token) {
      const ticket = randomBytes(32).toString('base64url')
      const until = now() + life
      tickets.set(ticket, { token, until })
      if (tickets.size > most) tickets.delete(tickets.keys().next().value as string)
      return { ticket, until }
    },
    take(ticket) {
      const found = tickets.get(ticket)
      tickets.delete(ticket)
      return found === undefined || found.until <= now() ? undefined : found.token
    },
  }
}
