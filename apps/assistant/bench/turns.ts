// The child of `npm run bench -- assistant`: measures recognition and whole turns, and prints its figures as JSON.
// Arguments: rounds, sentences a round, milliseconds that the stand-in for a model takes.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createCache } from '@reprise/cache'
import { sqlLog, sqlTier } from '@reprise/cache/sql'
import { openDatabase } from '@reprise/database'
import { intentCatalog } from '../src/catalog/catalog.ts'
import { createDialogue } from '../src/dialogue/turn.ts'
import { createUnderstand } from '../src/dialogue/understand.ts'
import { createEmbeddedRecogniser } from '../src/recognise/embedded.ts'
import { createModelRecogniser } from '../src/recognise/model.ts'
import type { Recogniser } from '../src/recognise/recogniser.ts'
import { loadSeed } from '../src/seed/load.ts'
import { migrateAssistant } from '../src/seed/migrations.ts'

const [rounds = 5, sentences = 40, delay = 300] = process.argv.slice(2).map(Number)

const cities = ['北京', '上海', '广州', '深圳', '成都', '杭州', '南京', '武汉']
const kinds = ['机票', '火车票', '高铁票', '航班']
const sayings = Array.from({ length: rounds * sentences }, (_, index) => {
  const city = cities[index % cities.length]
  return `麻烦帮我看看第${index}号同事去${city}出差的${kinds[(index >> 3) % kinds.length]}`
})

/** A model that always takes its time: the real protocol, and an answer that fits the schema. */
async function startModel() {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const content = JSON.stringify({
        intent: 'booking_flight',
        confidence: 0.95,
        slots: [],
        only_values: false,
      })
      const message = { role: 'assistant', content }
      const body = {
        id: 'x',
        object: 'chat.completion',
        created: 0,
        model: 'm',
        choices: [{ index: 0, message, finish_reason: 'stop' }],
      }
      setTimeout(
        () => response.setHeader('content-type', 'application/json').end(JSON.stringify(body)),
        delay,
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` }
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? NaN

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** Milliseconds of the same work twice, for sentences that nobody said before: a miss, then a hit. */
async function pairs(texts: readonly string[], work: (text: string) => Promise<unknown>) {
  const misses: number[] = []
  const hits: number[] = []
  for (const text of texts) {
    misses.push(await timed(() => work(text)))
    hits.push(await timed(() => work(text)))
  }
  return { miss: median(misses), hit: median(hits) }
}

const database = await openDatabase()
await migrateAssistant(database)
await loadSeed(database)
const { server, url } = await startModel()
const embedded = createEmbeddedRecogniser()
const model = createModelRecogniser({ baseUrl: url, model: 'bench', fallback: embedded })
const figures: Record<string, { miss: number[]; hit: number[] }> = {}

async function measure(name: string, recogniser: Recogniser, each: number): Promise<void> {
  const cache = await createCache({
    catalog: intentCatalog,
    tiers: [sqlTier({ database })],
    log: sqlLog({ database, catalog: intentCatalog.prefix }),
  })
  const now = () => new Date()
  const dialogue = createDialogue({ cache, database, recogniser, now })
  const understand = createUnderstand(cache, recogniser, now)
  const knowledge = await dialogue.lookups.knowledge()
  const context = { user_preferences: true, conversation_history: false, business_context: false }
  const recognise = (text: string): Promise<unknown> =>
    understand({ text, knowledge, now: new Date(), timezone: 'Asia/Shanghai' }, name, context)
  const turn = (text: string): Promise<unknown> => dialogue.turn({ userId: `${name} turns`, input: text })
  await recognise('我想订机票')
  await turn('我想订机票')
  for (let round = 0; round < rounds; round += 1) {
    const texts = sayings.slice(round * sentences, round * sentences + each)
    for (const [what, work] of [
      ['recognition', recognise],
      ['turn', turn],
    ] as const) {
      const { miss, hit } = await pairs(texts, work)
      const figure = (figures[`${name} ${what}`] ??= { miss: [], hit: [] })
      figure.miss.push(miss)
      figure.hit.push(hit)
    }
  }
  await cache.close()
}

await measure('embedded', embedded, sentences)
await measure('model', model, Math.max(3, Math.floor(sentences / 8)))
server.closeAllConnections()
server.close()
await database.close()
process.stdout.write(`${JSON.stringify(figures)}\n`)
