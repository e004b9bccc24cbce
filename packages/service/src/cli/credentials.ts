import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { CommandError, exitCodes } from './exit-codes.ts'

const file = z.record(z.string(), z.strictObject({ token: z.string(), username: z.string() }))

/** Tokens that `reprise login` got, by the server they are for. */
export interface Credentials {
  /** The token for a server; undefined when nobody logged in there. */
  find(server: string): Promise<string | undefined>
  keep(server: string, login: { readonly token: string; readonly username: string }): Promise<void>
  /** Resolves with whether there was one. */
  forget(server: string): Promise<boolean>
}

/** Keeps tokens in a file that only its owner may read: `$XDG_CONFIG_HOME/reprise/credentials.json`. */
export function openCredentials(env: Readonly<Record<string, string | undefined>>): Credentials {
  const home = env['HOME'] ?? homedir()
  const path = join(env['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'reprise', 'credentials.json')

  async function read(): Promise<z.infer<typeof file>> {
    let text: string
    try {
      text = await readFile(path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
      throw error
    }
    try {
      return file.parse(JSON.parse(text))
    } catch (cause) {
      throw new CommandError(
        `${path} cannot be read as credentials: remove it and log in again`,
        exitCodes.failed,
        {
          cause,
        },
      )
    }
  }

  async function write(content: z.infer<typeof file>): Promise<void> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const next = `${path}.${process.pid}`
    await writeFile(next, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
    await chmod(next, 0o600)
    await rename(next, path)
  }

  const nameOf = (server: string): string => new URL(server).href
  return {
    find: async (server) => (await read())[nameOf(server)]?.token,
    async keep(server, login) {
      await write({ ...(await read()), [nameOf(server)]: { token: login.token, username: login.username } })
    },
    async forget(server) {
      const { [nameOf(server)]: found, ...rest } = await read()
      if (found !== undefined) await write(rest)
      return found !== undefined
    },
  }
}
