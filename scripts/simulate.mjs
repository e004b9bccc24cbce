/** `npm run simulate`: many random schedules, on every core; or one, told line by line, with `--seed N`. */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'
import { ensureInstalled } from './install.mjs'
import { importSources } from './sources.mjs'

const usage = `usage: npm run simulate -- [--schedules N] [--from SEED] [--calm]     many schedules; 200000 unless told
       npm run simulate -- --seed SEED [--calm]                         one schedule, told line by line`

/** @param {string} name @param {string} text */
function whole(name, text) {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 0) {
    console.error(`--${name} is "${text}": give a whole number\n${usage}`)
    process.exit(2)
  }
  return number
}

async function loadSchedule() {
  await importSources()
  return (await import('../packages/cache/src/testing/simulation/schedule.ts')).runSchedule
}

async function work() {
  const runSchedule = await loadSchedule()
  const { from, count, step, faults } = workerData
  for (let index = 0; index < count; index += 1) {
    const seed = from + index * step
    const { broken } = await runSchedule(seed, { faults })
    parentPort?.postMessage({ seed, broken })
  }
}

/** @param {{ from: number, schedules: number, faults: boolean }} options */
async function many({ from, schedules, faults }) {
  const workers = Math.min(availableParallelism(), schedules)
  const startedAt = Date.now()
  let done = 0
  let broken = 0
  const tell = () => {
    const seconds = (Date.now() - startedAt) / 1_000
    const left = (seconds / Math.max(done, 1)) * (schedules - done)
    console.log(
      `${done} of ${schedules} schedules, ${broken} broken, ${seconds.toFixed(0)} s, about ${left.toFixed(0)} s left`,
    )
  }
  const timer = setInterval(tell, 10_000)
  await Promise.all(
    Array.from({ length: workers }, (_, index) => {
      const count = Math.floor(schedules / workers) + (index < schedules % workers ? 1 : 0)
      const worker = new Worker(new URL(import.meta.url), {
        workerData: { from: from + index, count, step: workers, faults },
      })
      worker.on('message', (outcome) => {
        done += 1
        if (outcome.broken.length === 0) return
        broken += 1
        console.log(`seed ${outcome.seed}: ${outcome.broken.join('\n  ')}`)
      })
      return new Promise((resolve, reject) => worker.on('exit', resolve).on('error', reject))
    }),
  )
  clearInterval(timer)
  tell()
  console.log(`${done - broken} passed, ${broken} failed`)
  process.exitCode = broken === 0 && done === schedules ? 0 : 1
}

async function main() {
  await ensureInstalled()
  const { values } = parseArgs({
    options: {
      schedules: { type: 'string', default: '200000' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      calm: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(usage)
  const faults = !values.calm
  if (values.seed === undefined) {
    return many({ from: whole('from', values.from), schedules: whole('schedules', values.schedules), faults })
  }
  const runSchedule = await loadSchedule()
  const { broken } = await runSchedule(whole('seed', values.seed), {
    faults,
    tell: (line) => console.log(line),
  })
  console.log(broken.length === 0 ? 'every promise was kept' : broken.join('\n'))
  process.exitCode = broken.length === 0 ? 0 : 1
}

await (isMainThread ? main() : work())
