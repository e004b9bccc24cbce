// A session begins with a login and lives as long as its refresh token is used now and then. A refresh token is good for
// one use, which answers the next one. When one comes back that was used before, either it or its successor is in wrong
// hands, and the session ends for both (RFC 9700, section 4.14.2). A client that asked twice at once is no thief: within
// a few seconds the second try is only refused.
import { randomUUID } from 'node:crypto'
import type { Database } from '@reprise/database'
import { HttpError } from '../http/http-error.ts'
import { hashSecret, isSecretOf, newSecret } from './secrets.ts'
import * as statements from './session-statements.ts'

/** A session, and the one token that can continue it. */
export interface Continued {
  readonly id: string
  readonly userId: string
  readonly refreshToken: string
}

/** The sessions of a database. Every call throws what the database throws. */
export interface Sessions {
  readonly lifeSeconds: number
  /** Begins a session of a user. */
  begin(userId: string, address: string): Promise<Continued>
  /** Takes a refresh token and answers the next one. @throws HttpError 401 */
  refresh(token: string): Promise<Continued>
  end(id: string, userId: string): Promise<void>
  endAll(userId: string): Promise<void>
}

interface SessionRow {
  readonly user_id: string
  readonly secret_hash: string
  readonly previous_hash: string | null
  readonly rotated_at: Date
  readonly expires_at: Date
}

const pattern = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([\w-]{43})$/
const mostPerUser = 50
/** Milliseconds in which a second use of a token counts as a second try. */
const leeway = 10_000

/** Opens the sessions; `life` is the milliseconds from one use of a refresh token to the latest next one. */
export function openSessions(
  database: Database,
  options: {
    readonly now: () => number
    readonly life: number
    /** Hears of a user whose sessions were ended. */
    readonly changed: (userId: string) => Promise<void>
  },
): Sessions {
  const { now, life, changed } = options

  return {
    lifeSeconds: Math.floor(life / 1000),
    async begin(userId, address) {
      const id = randomUUID()
      const secret = newSecret()
      const date = new Date(now())
      await database.transaction(async (transaction) => {
        await transaction.query(statements.tidy, [userId, date, mostPerUser - 1])
        const parameters = [id, userId, hashSecret(secret), date, new Date(now() + life), address]
        await transaction.query(statements.begin, parameters)
      })
      await changed(userId)
      return { id, userId, refreshToken: `${id}.${secret}` }
    },
    async refresh(token) {
      const [, id, given] = pattern.exec(token) ?? []
      if (id === undefined || given === undefined) throw refused('This is no refresh token')
      const secret = newSecret()
      const outcome = await database.transaction(async (transaction) => {
        const row = (await transaction.query<SessionRow>(statements.lock, [id])).rows[0]
        if (row === undefined || row.expires_at.getTime() <= now()) return { is: 'over' } as const
        if (isSecretOf(given, row.secret_hash)) {
          await transaction.query(statements.rotate, [id, hashSecret(secret), new Date(now())])
          return { is: 'good', userId: row.user_id } as const
        }
        if (isSecretOf(given, row.previous_hash) && now() - row.rotated_at.getTime() < leeway) {
          return { is: 'twice' } as const
        }
        await transaction.query(statements.end, [id])
        return { is: 'stolen', userId: row.user_id } as const
      })
      if (outcome.is === 'good') return { id, userId: outcome.userId, refreshToken: `${id}.${secret}` }
      if (outcome.is === 'over') throw refused('This session is over; log in again')
      if (outcome.is === 'twice') throw refused('This refresh token was used a moment ago')
      await changed(outcome.userId)
      throw refused('This refresh token was used before: its session has ended; log in again')
    },
    async end(id, userId) {
      await database.query(statements.end, [id])
      await changed(userId)
    },
    async endAll(userId) {
      await database.query(statements.endAll, [userId])
      await changed(userId)
    },
  }
}

function refused(message: string): HttpError {
  return new HttpError(401, message)
}
