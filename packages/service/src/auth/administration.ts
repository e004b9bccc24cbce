import type { Database, Queryable } from '@reprise/database'
import { HttpError } from '../http/http-error.ts'
import { hashPassword, oneTimePassword } from './passwords.ts'
import * as statements from './user-statements.ts'
import type { UserRole, UserRow } from './users.ts'

/** Writes the row of the operation log, as the last statement of a change. */
export type RecordChange = (user: UserRow, transaction: Queryable) => Promise<void>

/** Whom a change is about, and how it is recorded. */
export interface UserChange {
  readonly id: string
  /** The only tenant whose users may be changed. @default all */
  readonly tenant: string | undefined
  readonly record: RecordChange
}

/**
 * What an administrator does to users. Each change is recorded in its transaction, and every process knows of it when it
 * resolves. The last one who can log in and may do everything cannot be lost: HttpError 409. A user who is not there,
 * or is of another tenant: HttpError 404.
 */
export interface UserAdministration {
  list(page: {
    readonly after: string | undefined
    readonly tenant: string | undefined
    readonly limit: number
  }): Promise<readonly UserRow[]>
  /** Makes a user with a password for one login. @throws HttpError 409 when the name is taken */
  create(
    user: { readonly username: string; readonly role: UserRole; readonly tenant: string | null },
    record: RecordChange,
  ): Promise<{ readonly user: UserRow; readonly password: string }>
  change(
    change: UserChange,
    values: {
      readonly role?: UserRole | undefined
      readonly is_active?: boolean | undefined
      readonly tenant?: string | null | undefined
    },
  ): Promise<UserRow>
  /** Sets a password for one login and ends all tokens. */
  resetPassword(change: UserChange): Promise<{ readonly user: UserRow; readonly password: string }>
  endSessions(change: UserChange): Promise<UserRow>
  remove(change: UserChange): Promise<UserRow>
}

/** Makes the administration; `changed` hears of every user after its change was committed. */
export function createUserAdministration(
  database: Database,
  changed: (id: string) => Promise<void>,
): UserAdministration {
  async function change(
    { id, tenant, record }: UserChange,
    work: (user: UserRow, transaction: Queryable) => Promise<UserRow>,
  ): Promise<UserRow> {
    const missing = new HttpError(404, `There is no user ${JSON.stringify(id)}`)
    if (!/^\d{1,18}$/.test(id)) throw missing
    const user = await database.transaction(async (transaction) => {
      const before = (await transaction.query<{ id: string }>(statements.lockAdministrators)).rows
      const [found] = (await transaction.query<UserRow>(statements.lockUser, [id, tenant ?? null])).rows
      if (found === undefined) throw missing
      const after = await work(found, transaction)
      const left = (await transaction.query(statements.lockAdministrators)).rows
      if (before.length > 0 && left.length === 0) {
        throw new HttpError(409, `${found.username} is the last administrator: make another one first`)
      }
      await record(after, transaction)
      return after
    })
    await changed(id)
    return user
  }

  async function one(transaction: Queryable, text: string, parameters: readonly unknown[]): Promise<UserRow> {
    const [row] = (await transaction.query<UserRow>(text, parameters)).rows
    if (row === undefined) throw new Error('A user vanished while it was locked')
    return row
  }

  return {
    async list({ after = '0', tenant, limit }) {
      return (await database.query<UserRow>(statements.listUsers, [after, tenant ?? null, limit])).rows
    },
    async create({ username, role, tenant }, record) {
      const password = oneTimePassword()
      const parameters = [username, role, tenant, await hashPassword(password)]
      const user = await database.transaction(async (transaction) => {
        const [row] = (await transaction.query<UserRow>(statements.createUser, parameters)).rows
        if (row === undefined) {
          throw new HttpError(409, `There is a user ${JSON.stringify(username)} already`)
        }
        await record(row, transaction)
        return row
      })
      return { user, password }
    },
    change: (about, values) =>
      change(about, async (user, transaction) => {
        const { role = user.role, is_active = user.is_active, tenant = user.tenant } = values
        return one(transaction, statements.updateUser, [user.id, role, is_active, tenant])
      }),
    async resetPassword(about) {
      const password = oneTimePassword()
      const hash = await hashPassword(password)
      const user = await change(about, async ({ id }, transaction) => {
        await transaction.query(statements.endTokens, [id])
        return one(transaction, statements.resetPassword, [id, hash])
      })
      return { user, password }
    },
    endSessions: (about) =>
      change(about, async ({ id }, transaction) => one(transaction, statements.endTokens, [id])),
    remove: (about) =>
      change(about, async (user, transaction) => {
        await transaction.query(statements.deleteUser, [user.id])
        return user
      }),
  }
}
