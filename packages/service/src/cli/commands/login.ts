import { createClient } from '@reprise/api'
import { defineCommand } from '../command.ts'
import { serverOf } from '../connect.ts'
import { openCredentials } from '../credentials.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import type { Io } from '../io.ts'

/** `reprise login`: gets a token of a server and keeps it. */
export const loginCommand = defineCommand({
  usage: 'login [username]',
  summary: 'Log in at a server; the password is asked for, or read from REPRISE_PASSWORD',
  options: (parser) =>
    parser.positional('username', { type: 'string', default: 'admin', describe: 'Who logs in' }),
  run: async ({ username }, { io, common, print }) => {
    const server = required(serverOf(common, io))
    const password = io.env['REPRISE_PASSWORD'] ?? (await askPassword(io, `password of ${username}: `))
    const client = createClient({ baseUrl: server })
    const session = await client.call('login', { body: { username, password } })
    const { token } = session.must_change_password ? await replace(server, { io, session }) : session
    await openCredentials(io.env).keep(server, { token, username })
    print(
      { server, username, role: session.user.role },
      () => `${username} (${session.user.role}) is logged in at ${server}\n`,
    )
  },
})

/** `reprise logout`: forgets the token of a server. */
export const logoutCommand = defineCommand({
  usage: 'logout',
  summary: 'Forget the token of a server',
  options: (parser) => parser,
  run: async (_args, { io, common, print }) => {
    const server = required(serverOf(common, io))
    const found = await openCredentials(io.env).forget(server)
    print({ server, forgotten: found }, () =>
      found ? `logged out at ${server}\n` : `nobody was logged in at ${server}\n`,
    )
  },
})

function required(server: string | undefined): string {
  if (server !== undefined) return server
  throw new CommandError('Say where: --server http://HOST:PORT, or REPRISE_SERVER', exitCodes.usage)
}

async function askPassword(io: Io, question: string): Promise<string> {
  const answer = await io.ask(question, { hidden: true })
  if (answer !== undefined) return answer
  throw new CommandError('Nobody can type the password here: set REPRISE_PASSWORD', exitCodes.usage)
}

// The first login is with a one-time password, which is good for this one thing.
async function replace(
  server: string,
  { io, session }: { readonly io: Io; readonly session: { readonly token: string } },
): Promise<{ readonly token: string }> {
  const next = io.env['REPRISE_NEW_PASSWORD'] ?? (await io.ask('a new, lasting password: ', { hidden: true }))
  if (next === undefined) {
    throw new CommandError(
      'This password was good for one login: set REPRISE_NEW_PASSWORD to the one that replaces it',
      exitCodes.usage,
    )
  }
  const client = createClient({ baseUrl: server, token: session.token })
  return client.call('changePassword', { body: { new_password: next } })
}
