import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { test } from 'vitest'
import { createEmbeddedRecogniser } from '../src/recognise/embedded.ts'
import { createLookups } from '../src/dialogue/lookups.ts'
import { openBench, saturday } from './setup.ts'
test('measure', async () => {
  const bench = await openBench()
  const r = createEmbeddedRecogniser()
  for (const file of (process.env['LISTS'] ?? 'sentences.yaml').split(',')) {
    const list = parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as any[]
    let ok = 0
    const bad: string[] = []
    const amb: string[] = []
    for (const { text, intent } of list) {
      const f = await r.recognise({ text, knowledge: bench.knowledge, ...saturday })
      if ((f.intent?.intent_name ?? null) === intent) ok++
      else
        bad.push(
          `${text} want ${intent} got ${f.intent?.intent_name} ${f.confidence} ${(f.candidates ?? []).map((c) => c.intent_name + c.confidence)}`,
        )
      const [a, b] = f.candidates ?? []
      if (a && b && a.confidence - b.confidence < 0.1 && b.confidence > 0.7)
        amb.push(`${text} ${a.intent_name}${a.confidence} ${b.intent_name}${b.confidence}`)
    }
    console.log(
      file,
      ok,
      list.length,
      ((ok / list.length) * 100).toFixed(1) +
        '\n' +
        (process.env['QUIET'] ? '' : bad.join('\n')) +
        '\nAMB\n' +
        (process.env['QUIET'] ? '' : amb.join('\n')),
    )
  }
  for (const intent of bench.knowledge.intents)
    for (const text of intent.examples) {
      const f = await r.recognise({ text, knowledge: bench.knowledge, ...saturday })
      if (f.intent?.intent_name !== intent.intent_name || f.confidence < 0.9)
        console.log('EXAMPLE', text, f.intent?.intent_name, f.confidence)
    }
  await bench.close()
}, 60000)
