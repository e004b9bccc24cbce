import { type Client, userRole } from '@reprise/api'
import { defineCommand } from '../command.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { collect, pages } from '../pages.ts'
import { table } from '../table.ts'

const actions = ['list', 'add', 'role', 'disable', 'enable', 'password', 'logout', 'remove'] as const
const roles = userRole.options

/** `reprise users`: who may do what. */
export const usersCommand = defineCommand({
  usage: 'users [action] [username] [role]',
  summary: 'Users: list, add NAME ROLE, role NAME ROLE, disable, enable, password, logout, remove NAME',
  options: (parser) =>
    parser
      .positional('action', { choices: actions, default: 'list' as const })
      .positional('username', { type: 'string', describe: 'Whom' })
      .positional('role', { choices: roles, describe: 'What they may do' })
      .option('tenant', {
        type: 'string',
        describe: 'The only tenant that a new user sees',
        requiresArg: true,
      })
      .check(({ action, username, role }) => {
        if (action !== 'list' && username === undefined)
          throw new CommandError(`Say whom: users ${action} NAME`, exitCodes.usage)
        if ((action === 'add' || action === 'role') && role === undefined)
          throw new CommandError(`Say the role: users ${action} NAME ${roles.join('|')}`, exitCodes.usage)
        return true
      }),
  run: async ({ action, username = '', role = 'viewer', tenant }, { withApi, confirm, print }) =>
    withApi(async ({ client }) => {
      if (action === 'list') {
        const found = await collect(listed(client))
        print(found, () =>
          table(
            [
              { title: 'USER', show: (user) => user.username },
              { title: 'ROLE', show: (user) => user.role },
              { title: 'TENANT', show: (user) => user.tenant ?? 'all' },
              { title: 'STATE', show: (user) => (user.is_active ? 'active' : 'shut out') },
              { title: 'LAST LOGIN', show: (user) => user.last_login_at },
            ],
            found,
          ),
        )
        return
      }
      if (action === 'add') {
        const body = { username, role, ...(tenant === undefined ? {} : { tenant }) }
        const made = await client.call('userCreate', { body })
        print(made, () => `${username} (${role}): one-time password ${made.one_time_password}\n`)
        return
      }
      const params = { user_id: await idOf(client, username) }
      if (action === 'role' || action === 'disable' || action === 'enable') {
        const body = action === 'role' ? { role } : { is_active: action === 'enable' }
        const { user } = await client.call('userChange', { params, body })
        print(user, () => `${user.username}: ${user.role}, ${user.is_active ? 'active' : 'shut out'}\n`)
      } else if (action === 'password') {
        const made = await client.call('userPassword', { params })
        print(made, () => `${username}: one-time password ${made.one_time_password}\n`)
      } else if (action === 'logout') {
        const { user } = await client.call('userSessionsEnd', { params })
        print(user, () => `all sessions of ${username} have ended\n`)
      } else {
        await confirm(`Remove the user ${username}?`)
        const removed = await client.call('userRemove', { params })
        print(removed, () => `${username} is removed; what they did stays in the operation log\n`)
      }
    }),
})

function listed(client: Client) {
  return pages((page) => client.call('users', { query: page }), 10_000)
}

async function idOf(client: Client, username: string): Promise<string> {
  for await (const user of listed(client)) if (user.username === username) return user.id
  throw new CommandError(
    `There is no user ${JSON.stringify(username)}: \`reprise users\` lists them`,
    exitCodes.absent,
  )
}
