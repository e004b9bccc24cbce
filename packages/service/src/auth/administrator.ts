import { hashPassword, oneTimePassword, verifyPassword } from './passwords.ts'
import type { Users } from './users.ts'

/** The administrator as it stands after a start; `oneTimePassword` is good for one login and is to be shown to whoever started the service. */
export interface Administrator {
  readonly username: 'admin'
  readonly oneTimePassword?: string
}

/**
 * Makes sure that somebody can log in as `admin`: with the password given, which replaces any other; else with the
 * lasting one that was set before; else with a new one-time password.
 */
export async function ensureAdministrator(
  users: Users,
  password: string | undefined,
): Promise<Administrator> {
  const user = await users.ensure('admin', 'admin')
  if (password !== undefined) {
    if (!user.password_once && (await verifyPassword(password, user.password_hash)))
      return { username: 'admin' }
    await users.setPassword(user.id, await hashPassword(password), user.password_hash)
    return { username: 'admin' }
  }
  if (user.password_hash !== null && !user.password_once) return { username: 'admin' }
  const once = oneTimePassword()
  const changed = await users.setOneTimePassword(user.id, await hashPassword(once))
  return changed === undefined ? { username: 'admin' } : { username: 'admin', oneTimePassword: once }
}
