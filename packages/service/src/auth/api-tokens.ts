import { randomUUID } from 'node:crypto'
import type { Database, Queryable } from '@reprise/database'
import * as statements from './api-token-statements.ts'
import { hashSecret, isSecretOf, newSecret } from './secrets.ts'
import type { UserRole } from './users.ts'

/** A token of a program, without its secret. */
export interface ApiTokenRow {
  readonly id: string
  readonly name: string
  readonly role: UserRole
  readonly tenant: string | null
  readonly created_by: string
  readonly created_at: Date
  readonly expires_at: Date
  readonly last_used_at: Date | null
}

/** Tokens of programs. Every call throws what `Database.query` throws. */
export interface ApiTokens {
  /** The token that this text is, unless it is over or removed. */
  find(token: string): Promise<ApiTokenRow | undefined>
  /** Makes one; its text can be had only here. Undefined when the name is taken. */
  create(
    facts: Pick<ApiTokenRow, 'name' | 'role' | 'tenant' | 'created_by' | 'expires_at'>,
    transaction: Queryable,
  ): Promise<{ readonly row: ApiTokenRow; readonly token: string } | undefined>
  /** Tokens after an id, of one tenant or of all. */
  list(page: {
    readonly after: string | undefined
    readonly tenant: string | undefined
    readonly limit: number
  }): Promise<readonly ApiTokenRow[]>
  /** Removes one, and with it the access of whoever has it; undefined when there is none. */
  remove(id: string, tenant: string | undefined, transaction: Queryable): Promise<ApiTokenRow | undefined>
}

/** What such a token looks like: the prefix lets scanners of secrets find it. */
export const apiTokenPattern = /^rp_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})_([\w-]{43})$/

/** How often the last use is written, in milliseconds. */
const noteEvery = 60_000

/** Opens the tokens of a migrated database. */
export function openApiTokens(database: Database, now: () => number): ApiTokens {
  return {
    async find(token) {
      const [, id, secret] = apiTokenPattern.exec(token) ?? []
      if (id === undefined || secret === undefined) return undefined
      const found = await database.query<ApiTokenRow & { secret_hash: string }>(statements.find, [id])
      const [row] = found.rows
      if (row === undefined || !isSecretOf(secret, row.secret_hash)) return undefined
      if (row.expires_at.getTime() <= now()) return undefined
      if (now() - (row.last_used_at?.getTime() ?? 0) > noteEvery) {
        await database.query(statements.noteUse, [id, new Date(now())])
      }
      return row
    },
    async create({ name, role, tenant, created_by, expires_at }, transaction) {
      const id = randomUUID()
      const secret = newSecret()
      const parameters = [id, name, hashSecret(secret), role, tenant, created_by, new Date(now()), expires_at]
      const [row] = (await transaction.query<ApiTokenRow>(statements.insert, parameters)).rows
      return row === undefined ? undefined : { row, token: `rp_${id}_${secret}` }
    },
    async list({ after, tenant, limit }) {
      const parameters = [after ?? null, tenant ?? null, limit]
      return (await database.query<ApiTokenRow>(statements.list, parameters)).rows
    },
    async remove(id, tenant, transaction) {
      return (await transaction.query<ApiTokenRow>(statements.remove, [id, tenant ?? null])).rows[0]
    },
  }
}
