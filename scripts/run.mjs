import { spawn } from 'node:child_process'
import { constants } from 'node:os'

import { root } from './root.mjs'

/**
 * @typedef {object} Outcome
 * @property {number} code the exit code; 128 + the signal's number when one ended it, 127 when it could not start
 * @property {string} output standard output and standard error as they came; empty when they were shown
 */

/**
 * Runs one command to its end and keeps what it prints; it never throws, and the command does not outlive us.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean, uid?: number, gid?: number }} [options]
 *   `show` lets the command print to this terminal in place of keeping its output
 * @returns {Promise<Outcome>}
 */
export const run = (command, args, options = {}) =>
  new Promise((resolve) => {
    const { show = false, ...rest } = options
    const child = spawn(command, args, {
      cwd: root,
      ...rest,
      stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    })
    /** @type {Buffer[]} */
    const chunks = []
    child.stdout?.on('data', (chunk) => chunks.push(chunk))
    child.stderr?.on('data', (chunk) => chunks.push(chunk))
    const endChild = () => child.kill('SIGTERM')
    process.once('exit', endChild)
    /** @param {number} code @param {string} output */
    const finish = (code, output) => {
      process.off('exit', endChild)
      resolve({ code, output })
    }
    child.on('error', (error) => finish(127, `${command}: ${error.message}`))
    child.on('close', (code, signal) =>
      finish(code ?? 128 + constants.signals[signal ?? 'SIGTERM'], Buffer.concat(chunks).toString('utf8')),
    )
  })

/**
 * Makes SIGINT, SIGTERM and SIGHUP end this process by way of its `exit` listeners, which end its children and
 * remove its temporary folders; without this Node would end at once and leave both behind.
 */
export const exitOnSignals = () => {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]))
  }
}
