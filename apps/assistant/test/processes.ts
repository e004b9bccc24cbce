import { mkdtempSync, rmSync } from 'node:fs'
import { type Server, type Socket, connect, createServer } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient } from '@reprise/api'
import { openDatabase } from '@reprise/database'
import { createLogger, loadSettings } from '@reprise/service'
import { Redis } from 'ioredis'
import { type Assistant, createAssistant } from '../src/wire.ts'

/** The servers that a test may use. */
export const redisUrl = process.env['REPRISE_TEST_REDIS_URL'] ?? ''
export const databaseUrl = process.env['REPRISE_TEST_DATABASE_URL'] ?? ''

/** One process of an assistant: its parts, and a client with the rights of an administrator. */
export interface Member {
  readonly assistant: Assistant
  readonly client: Client
}

/** A place of its own on the shared servers: a schema of PostgreSQL and a database of Redis. */
export interface Place {
  readonly redis: Redis
  readonly redisUrl: string
  readonly databaseUrl: string
  readonly folder: string
  /** Starts a process of the assistant; closed with the place. */
  start(options?: {
    redisUrl?: string
    environment?: Record<string, string>
    travel?: string
  }): Promise<Member>
  close(): Promise<void>
}

/** Makes an empty place. @param number a database of Redis that no other test file uses */
export async function openPlace(name: string, number: number): Promise<Place> {
  const schema = `test_assistant_${name}`
  const admin = await openDatabase({ url: databaseUrl })
  await admin.script(`DROP SCHEMA IF EXISTS ${schema} CASCADE; CREATE SCHEMA ${schema}`)
  await admin.close()
  const url = new URL(databaseUrl)
  url.searchParams.set('options', `-c search_path=${schema}`)
  const ownRedis = new URL(redisUrl)
  ownRedis.pathname = `/${number}`
  const redis = new Redis(ownRedis.href)
  await redis.flushdb()
  const folder = mkdtempSync(join(tmpdir(), `reprise-${name}-`))
  const members: Assistant[] = []
  return {
    redis,
    redisUrl: ownRedis.href,
    databaseUrl: url.href,
    folder,
    async start({ redisUrl: other = ownRedis.href, environment = { API_TOKEN: 'secret' }, travel } = {}) {
      const env = {
        PORT: '0',
        DATA_DIR: folder,
        REDIS_URL: other,
        DATABASE_URL: url.href,
        ...(travel === undefined ? {} : { TRAVEL_API_URL: travel }),
      }
      const settings = loadSettings({ env, cwd: folder })
      const assistant = await createAssistant({
        settings,
        environment,
        logger: createLogger({ level: 'silent' }),
      })
      members.push(assistant)
      const baseUrl = await assistant.service.listen()
      await assistant.service.ensureAdministrator()
      const token = await assistant.service.issueToken('admin')
      return { assistant, client: createClient({ baseUrl, token }) }
    },
    async close() {
      for (const assistant of members) await assistant.close()
      await redis.flushdb()
      redis.disconnect()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A way to a server that can be cut. */
export interface Way {
  readonly url: string
  cut(): void
  mend(): Promise<void>
  close(): void
}

/** Opens a way to the server of an address. */
export async function openWay(address: string): Promise<Way> {
  const target = new URL(address)
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    const far = connect(Number(target.port), target.hostname)
    for (const one of [socket, far]) {
      sockets.add(one)
      one.on('error', () => undefined)
      one.on('close', () => {
        sockets.delete(one)
        socket.destroy()
        far.destroy()
      })
    }
    socket.pipe(far).pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const cut = (): void => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  const own = new URL(address)
  own.port = String(port)
  return {
    url: own.href,
    cut,
    async mend() {
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
    },
    close: cut,
  }
}

/** What identifies a row of the configuration. */
export function idOf(row: Readonly<Record<string, unknown>>): string {
  const id = row['id'] ?? row['user_id']
  return typeof id === 'number' || typeof id === 'string' ? String(id) : ''
}

/** Resolves when something holds; looked at again and again, as the test's own time limit allows. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve))
}
