import { spawn, spawnSync } from 'node:child_process'
import { createServer, connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * How to run one server in the foreground.
 * @typedef {object} Recipe
 * @property {string} name for messages, such as `redis-server`
 * @property {string} command
 * @property {(port: number) => string[]} args
 * @property {{ cwd?: string, uid?: number, gid?: number, env?: NodeJS.ProcessEnv }} [options] how to spawn it
 * @property {NodeJS.Signals} endSignal what ends it at once, children included
 * @property {string} [container] the Docker container's name, when it is one
 * @property {Buffer} greeting the bytes to send after connecting
 * @property {string} answer how the reply of a ready server begins
 * @property {number} patience how long it may take to be ready, in milliseconds
 */

/**
 * A running server.
 * @typedef {{ port: number, stop: () => Promise<void> }} Daemon
 */

/** A port of 127.0.0.1 that was free a moment ago. @returns {Promise<number>} */
const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
      server.close(() => resolve(port))
    })
  })

/**
 * Asks a server once whether it is ready, within one second.
 * @param {number} port
 * @param {Pick<Recipe, 'greeting' | 'answer'>} recipe
 * @returns {Promise<boolean>}
 */
const isReady = (port, { greeting, answer }) =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 1000 }, () => socket.write(greeting))
    const done = (/** @type {boolean} */ ready) => {
      socket.destroy()
      resolve(ready)
    }
    socket.on('data', (data) => done(data.toString('latin1').startsWith(answer)))
    for (const event of ['error', 'timeout', 'close']) socket.on(event, () => done(false))
  })

/** @param {Recipe} recipe @param {number} port @returns {Promise<Daemon>} */
const launch = async (recipe, port) => {
  const child = spawn(recipe.command, recipe.args(port), {
    ...recipe.options,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => (output = (output + chunk).slice(-8000)))
  }
  let ended = false
  /** @type {Promise<void>} */
  const end = new Promise((resolve) => {
    child.on('error', (error) => (output += error.message))
    child.on('close', () => resolve(void (ended = true)))
  })
  const kill = () => {
    if (ended) return
    child.kill(recipe.endSignal)
    if (recipe.container !== undefined) spawnSync('docker', ['kill', recipe.container])
  }
  process.prependOnceListener('exit', kill) // before its data is removed
  const stop = async () => {
    kill()
    const last = setTimeout(() => child.kill('SIGKILL'), 10_000)
    await end
    clearTimeout(last)
    process.off('exit', kill)
  }
  const deadline = Date.now() + recipe.patience
  while (!(await isReady(port, recipe))) {
    if (ended || Date.now() > deadline) {
      await stop()
      throw new Error(`${recipe.name} did not become ready on port ${port}; it printed:\n${output}`)
    }
    await delay(20)
  }
  return { port, stop }
}

/**
 * Starts a server on a free port of 127.0.0.1 and waits until it answers; when the port was taken meanwhile it
 * tries another one, three times in all. The server ends with this process.
 * @param {Recipe} recipe
 * @returns {Promise<Daemon>}
 */
export const startDaemon = async (recipe) => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await launch(recipe, await freePort())
    } catch (error) {
      if (attempt === 3 || !/already (in use|allocated)/i.test(String(error))) throw error
    }
  }
}
