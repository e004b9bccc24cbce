/** A process to be killed: generates results of many targets at a time, and reports each that it was given. */
import { openDatabase } from '@reprise/database'
import { openResults } from '@reprise/results'

const [url = '', round = '', width = '1'] = process.argv.slice(2)
const database = await openDatabase({ url })
const results = await openResults({
  database,
  types: { note: {} },
  lease: '2s',
  migrate: false,
  holder: `child-${round}`,
})
const here = results.forSite('site')
const report = (line: string): void => void process.stdout.write(`${line}\n`)

async function generate(lane: number): Promise<void> {
  for (let turn = 0; ; turn += 1) {
    const target = `${round}-${lane}-${turn}`
    const { value, result } = await here.getOrGenerate('note', target, async () => {
      report(`begun ${target}`)
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20))
      return target
    })
    if (value !== target) throw new Error(`${target} is ${String(value)}`)
    report(`written ${target} ${result?.id}`)
  }
}

await Promise.all(Array.from({ length: Number(width) }, (_, lane) => generate(lane)))
