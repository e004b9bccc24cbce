import { chownSync } from 'node:fs'
import { join } from 'node:path'

import { startDaemon } from './daemon.mjs'
import { run } from './run.mjs'

/** Nothing here outlives the tests, so nothing waits for the disk. */
const settings = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'max_connections=200',
].flatMap((setting) => ['-c', setting])

/** PostgreSQL's start-up message: protocol 3.0, user and database `postgres`; `R` (authentication) means ready. */
const startupMessage = () => {
  const body = Buffer.from('\0\x03\0\0user\0postgres\0database\0postgres\0\0', 'latin1')
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length + 4)
  return Buffer.concat([length, body])
}

/** PostgreSQL refuses to run as root: then it runs as `postgres`, or as `nobody` where there is no such user. */
const owner = async () => {
  if (process.getuid?.() !== 0) return undefined
  for (const user of ['postgres', 'nobody']) {
    const [uid, gid] = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])])
    if (uid.code === 0 && gid.code === 0) return { uid: Number(uid.output), gid: Number(gid.output) }
  }
  throw new Error(
    "PostgreSQL does not run as root, and there is no user 'postgres' or 'nobody' to run it as.",
  )
}

/** @param {string} place @param {string} folder */
const native = async (place, folder) => {
  const user = await owner()
  if (user !== undefined) chownSync(folder, user.uid, user.gid)
  const options = { cwd: folder, ...user }
  const data = join(folder, 'data')
  const choices = ['-A', 'trust', '-U', 'postgres', '--no-sync', '--locale=C', '-E', 'UTF8']
  const made = await run(join(place, 'initdb'), ['-D', data, ...choices], options)
  if (made.code !== 0) throw new Error(`initdb failed with code ${made.code}:\n${made.output}`)
  const address = ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=']
  return {
    name: 'postgres',
    command: join(place, 'postgres'),
    args: (/** @type {number} */ port) => ['-D', data, '-p', String(port), ...address, ...settings],
    options,
    patience: 30_000,
  }
}

const inDocker = () => {
  const container = `reprise-test-postgres-${process.pid}`
  const choices = ['run', '--rm', '--name', container, '-e', 'POSTGRES_HOST_AUTH_METHOD=trust']
  return {
    name: 'postgres in Docker',
    command: 'docker',
    args: (/** @type {number} */ port) =>
      [...choices, '-p', `127.0.0.1:${port}:5432`, 'postgres:15', 'postgres'].concat(settings),
    container,
    patience: 300_000,
  }
}

/**
 * Starts a PostgreSQL for tests on a free port of 127.0.0.1; superuser `postgres`, no password.
 * @param {string} place the folder of `initdb` and `postgres`, or `'docker'`
 * @param {string} folder an empty folder of its own
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export const startPostgres = async (place, folder) => {
  const recipe = place === 'docker' ? inDocker() : await native(place, folder)
  const daemon = await startDaemon({
    ...recipe,
    endSignal: 'SIGQUIT',
    greeting: startupMessage(),
    answer: 'R',
  })
  const printed = place === 'docker' ? ' 15 in Docker' : (await run(recipe.command, ['--version'])).output
  const version = /\s(\d[\d.]*( in Docker)?)/.exec(printed)?.[1]
  console.log(`postgres ${version} on 127.0.0.1:${daemon.port}`)
  return { url: `postgres://postgres@127.0.0.1:${daemon.port}/postgres`, stop: daemon.stop }
}
