import { spawn } from 'node:child_process'
import { constants } from 'node:os'

import { root } from './root.mjs'

/** How to end each command that runs now. @type {Set<() => void>} */
const running = new Set()
process.once('exit', () => {
  for (const end of running) end()
})

/**
 * @typedef {object} Outcome
 * @property {number} code the exit code; 128 + the signal's number when one ended it, 127 when it could not start
 * @property {string} output standard output and standard error as they came; empty when they were shown
 */

/**
 * Runs one command to its end and keeps what it prints; it never throws, and the command does not outlive us.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions & { show?: boolean, echo?: boolean, group?: boolean }} [options]
 *   `show` lets the command print to this terminal in place of keeping its output; `echo` keeps it and prints it
 *   too; `group` gives it a process group, so that its own children are ended with it
 * @returns {Promise<Outcome>}
 */
export const run = (command, args, options = {}) =>
  new Promise((resolve) => {
    const { show = false, echo = false, group = false, ...rest } = options
    const child = spawn(command, args, {
      cwd: root,
      ...rest,
      detached: group,
      stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    })
    /** @type {Buffer[]} */
    const chunks = []
    child.stdout?.on('data', (chunk) => chunks.push(chunk))
    child.stderr?.on('data', (chunk) => chunks.push(chunk))
    if (echo) {
      child.stdout?.pipe(process.stdout, { end: false })
      child.stderr?.pipe(process.stderr, { end: false })
    }
    const end = () => {
      try {
        if (group && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
        else child.kill('SIGTERM')
      } catch {
        // the group has ended a moment ago
      }
    }
    running.add(end)
    /** @param {number} code @param {string} output */
    const finish = (code, output) => {
      running.delete(end)
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
