import { userInfo } from 'node:os'
import { type Client, createClient } from '@reprise/api'
import type { FastifyBaseLogger } from 'fastify'
import { createLogger } from '../logger.ts'
import { type Settings, loadSettings } from '../settings/settings.ts'
import type { Application } from './application.ts'
import { openCredentials } from './credentials.ts'
import { CommandError, exitCodes } from './exit-codes.ts'
import { findApplication } from './find-application.ts'
import { fetchInto } from './inject-fetch.ts'
import type { Io } from './io.ts'

/** The options that say what a command works on. */
export interface Target {
  /** The address of a server; without one the command works on the stores. */
  readonly server?: string | undefined
  /** A file that exports the application. */
  readonly application?: string | undefined
  readonly verbose?: boolean | undefined
}

/** A way to the API: over HTTP, or into a service of this process over the stores themselves. */
export interface Connection {
  readonly client: Client
  /** For messages: the server's address, or `the stores of NAME`. */
  readonly where: string
  /** True where a server has been counting; a service of this process has only begun. */
  readonly counts: boolean
  close(): Promise<void>
}

/** Application and settings of a command that works on the stores. */
export interface Local {
  readonly application: Application
  readonly settings: Settings
  readonly logger: FastifyBaseLogger
}

/** The address of the server that options or environment name. @throws CommandError when it is no URL */
export function serverOf(target: Target, io: Io): string | undefined {
  const server = target.server ?? io.env['REPRISE_SERVER']
  if (server === undefined || server === '') return undefined
  if (/^https?:\/\//.test(server) && URL.canParse(server)) return server
  throw new CommandError(
    `--server ${JSON.stringify(server)} is no address: write http://HOST:PORT`,
    exitCodes.usage,
  )
}

/** Finds the application and its settings. @throws CommandError; SettingsError with all problems */
export async function findLocal(target: Target, io: Io): Promise<Local> {
  const application = await findApplication(io.cwd, target.application)
  const settings = loadSettings({ env: io.env, cwd: io.cwd })
  const logger = createLogger({
    level: target.verbose === true ? settings.logLevel : 'error',
    destination: { write: (line: string) => io.err(line) },
  })
  return { application, settings, logger }
}

/** Opens the way to the API that options and environment name. @throws CommandError saying what to give */
export async function connect(target: Target, io: Io): Promise<Connection> {
  const server = serverOf(target, io)
  return server === undefined ? openStores(target, io) : openServer(server, io)
}

async function openServer(server: string, io: Io): Promise<Connection> {
  const token = io.env['REPRISE_TOKEN'] ?? (await openCredentials(io.env).find(server))
  if (token === undefined || token === '') {
    throw new CommandError(
      `Nobody is logged in at ${server}: run \`reprise login --server ${server}\`, or set REPRISE_TOKEN`,
      exitCodes.refused,
    )
  }
  return {
    client: createClient({ baseUrl: server, token }),
    where: server,
    counts: true,
    close: async () => {},
  }
}

async function openStores(target: Target, io: Io): Promise<Connection> {
  const { application, settings, logger } = await findLocal(target, io)
  const opened = await application.open(settings, { logger })
  try {
    const { service } = opened
    // Whoever can reach the stores may do everything; the log of operations shall tell who it was.
    const { username } = await service.users.ensure(`cli:${userInfo().username}`, 'admin')
    const token = await service.issueToken(username)
    const client = createClient({ baseUrl: 'http://command.line', token, fetch: fetchInto(service.app) })
    return { client, where: `the stores of ${application.name}`, counts: false, close: () => opened.close() }
  } catch (error) {
    await opened.close()
    throw error
  }
}
