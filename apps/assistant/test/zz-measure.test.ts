import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { test } from 'vitest'
import { createEmbeddedRecogniser } from '../src/recognise/embedded.ts'
import { openBench, saturday } from './setup.ts'
test('measure', async () => {
  const bench = await openBench()
  const r = createEmbeddedRecogniser()
  for (const file of ['sentences.yaml', 'sentences-second.yaml']) {
    const list = parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as any[]
    let ok = 0
    const bad: string[] = []
    for (const { text, intent } of list) {
      const f = await r.recognise({ text, knowledge: bench.knowledge, ...saturday })
      if ((f.intent?.intent_name ?? null) === intent) ok++
      else bad.push(`${text} want ${intent} got ${f.intent?.intent_name} ${f.confidence}`)
    }
    console.log(file, ok, list.length, ((ok / list.length) * 100).toFixed(1), '\n' + bad.join('\n'))
  }
  await bench.close()
}, 60000)
