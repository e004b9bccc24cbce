import type { userRole } from '@reprise/api'
import type { Database } from '@reprise/database'
import * as statements from './user-statements.ts'

/** What a user may do; each role may do what those before it may. */
export type UserRole = (typeof userRole.options)[number]

/** A row of the users table. */
export interface UserRow {
  readonly id: string
  readonly username: string
  /** Null without a password: nobody can log in. */
  readonly password_hash: string | null
  readonly role: UserRole
  /** The only tenant that the user sees; null for all. */
  readonly tenant: string | null
  readonly is_active: boolean
  /** The password is good, or was good, for one login. */
  readonly password_once: boolean
  /** Tokens of another version are not valid any more. */
  readonly token_version: number
  readonly created_at: Date
  readonly last_login_at: Date | null
}

/** The users table. Every call throws what `Database.query` throws. */
export interface Users {
  findByName(username: string): Promise<UserRow | undefined>
  findById(id: string): Promise<UserRow | undefined>
  /** Makes a user without a password; the user who has the name already stays as it is. */
  ensure(username: string, role: UserRole): Promise<UserRow>
  /** Sets a lasting password; undefined when the hash was not `previous` any more. */
  setPassword(id: string, hash: string, previous: string | null): Promise<UserRow | undefined>
  /** Sets a password for one login; undefined when the user has a lasting one. */
  setOneTimePassword(id: string, hash: string): Promise<UserRow | undefined>
  /** Notes a login with the password of this hash; undefined when it does not hold any more. */
  recordLogin(id: string, hash: string): Promise<UserRow | undefined>
  /** Ends every token and session of a user. */
  endTokens(id: string): Promise<void>
  setActive(username: string, active: boolean): Promise<void>
  setRole(username: string, role: UserRole): Promise<void>
}

/** Opens the users table of a migrated database; `changed` hears of users whose tokens may mean something else now. */
export function openUsers(database: Database, changed: (id: string) => Promise<void>): Users {
  async function one(text: string, parameters: readonly unknown[]): Promise<UserRow | undefined> {
    return (await database.query<UserRow>(text, parameters)).rows[0]
  }
  async function change(text: string, parameters: readonly unknown[]): Promise<UserRow | undefined> {
    const user = await one(text, parameters)
    if (user !== undefined) await changed(user.id)
    return user
  }
  const users: Users = {
    findByName: (username) => one(statements.findByName, [username]),
    findById: async (id) => (/^\d{1,18}$/.test(id) ? one(statements.findById, [id]) : undefined),
    async ensure(username, role) {
      await database.query(statements.insertUser, [username, role])
      const user = await users.findByName(username)
      if (user === undefined) throw new Error(`User ${JSON.stringify(username)} vanished while it was made`)
      return user
    },
    setPassword: (id, hash, previous) => change(statements.setPassword, [id, hash, previous]),
    setOneTimePassword: (id, hash) => one(statements.setOneTimePassword, [id, hash]),
    recordLogin: (id, hash) => one(statements.recordLogin, [id, hash]),
    async endTokens(id) {
      await change(statements.endTokens, [id])
    },
    async setActive(username, active) {
      await change(statements.setActive, [username, active])
    },
    async setRole(username, role) {
      await change(statements.setRole, [username, role])
    },
  }
  return users
}
