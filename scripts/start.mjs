// `npm start`: the assistant in this very process, so that signals, the exit code and the terminal need no forwarding.
// `npm run dev` is the same under `node --watch`. package.json starts it with `exec`, because npm hands a signal to
// the shell it started, and a shell that is not replaced by Node would die of it and leave Node behind.
import { constants } from 'node:os'

import { ensureConsole } from './console.mjs'
import { ensureInstalled } from './install.mjs'
import { importSources } from './sources.mjs'

// npm repeats a signal that the process group got too: the first one counts, the others must not cut the shutdown short
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.once(signal, () => {
    if (process.listenerCount(signal) === 0) process.exit(128 + constants.signals[signal])
    process.on(signal, () => {})
  })
}

// without a parent to tell it when to end (npm was killed), it ends as if told
if (process.env['npm_lifecycle_event'] !== undefined) {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, 1000)
  timer.unref()
}

await ensureInstalled()
await ensureConsole()
await importSources()
// what the assistant forks reads TypeScript, too
process.execArgv.push('--import', import.meta.resolve('tsx'))
await import('../apps/assistant/src/main.ts')
