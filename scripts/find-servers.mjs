import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

import { run } from './run.mjs'

/**
 * Where the test servers come from: for each a folder of programs on this machine, or `'docker'`.
 * @typedef {{ redis: string, postgres: string }} Places
 */

/** @param {string} folder */
const subfolders = (folder) => (existsSync(folder) ? readdirSync(folder) : [])

/** Debian keeps PostgreSQL's programs off PATH, one folder for each version; the highest version first. */
const debianFolders = () =>
  subfolders('/usr/lib/postgresql')
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join('/usr/lib/postgresql', version, 'bin'))

/**
 * The first folder that holds all of `programs`, or undefined.
 * @param {readonly string[]} programs
 */
const folderWith = (programs) =>
  [
    ...(process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''),
    ...debianFolders(),
  ].find((folder) => programs.every((program) => existsSync(join(folder, program))))

const look = () => ({ redis: folderWith(['redis-server']), postgres: folderWith(['initdb', 'postgres']) })

/** Installs packages of Debian; what goes wrong is printed. @param {readonly string[]} packages */
export const installFromDebian = async (packages) => {
  console.log(`installing ${packages.join(' and ')} with apt-get ...`)
  // RUNLEVEL=1: the packages' scripts would otherwise start their own services
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  const update = await run('apt-get', ['update'], { env })
  const { code, output } = await run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], {
    env,
  })
  if (code !== 0) console.error(`${update.output}\n${output}\napt-get failed with code ${code}`)
}

/**
 * Finds `redis-server` and PostgreSQL: on PATH and in Debian's folders, else by installing Debian's packages
 * when this is root, else in Docker.
 * @throws an Error that tells what to install when there is no way
 * @returns {Promise<Places>}
 */
export const findServers = async () => {
  let found = look()
  const missing = () =>
    [found.redis === undefined && 'redis-server', found.postgres === undefined && 'postgresql'].filter(
      (name) => name !== false,
    )
  if (missing().length > 0 && process.getuid?.() === 0 && folderWith(['apt-get']) !== undefined) {
    await installFromDebian(missing())
    found = look()
  }
  if (missing().length > 0 && (await run('docker', ['info'])).code !== 0) {
    throw new Error(
      `The tests need ${missing().join(' and ')}, which are not on PATH, and Docker does not answer. ` +
        'Install them (Debian, Ubuntu: sudo apt-get install redis-server postgresql; ' +
        'macOS: brew install redis postgresql), or start Docker, and run npm test again. ' +
        'The tests that need no server: npm test -- --unit',
    )
  }
  return { redis: found.redis ?? 'docker', postgres: found.postgres ?? 'docker' }
}
