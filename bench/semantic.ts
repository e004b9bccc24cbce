/**
 * How often the semantic tier is right and how often wrong, by threshold: one question of each family is kept, all others are
 * asked, the ones that ask the same and the near ones that do not. Figures are of one embedder and these questions alone:
 * `--embedder URL` (an OpenAI-compatible base URL, with `--model NAME` and EMBEDDER_API_KEY) and `--questions FILE` take others.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { demoEmbedder, memorySemanticStore, sameFigures } from '@reprise/ai'
import { option, rowOf, writeFigures } from './rig/figures.ts'

interface Family {
  readonly language: string
  readonly kept: string
  readonly same: readonly string[]
  /** By what differs. */
  readonly other: Readonly<Record<string, readonly string[]>>
}

interface Asked {
  readonly text: string
  readonly language: string
  /** The kept question that it may have the answer of; undefined for none. */
  readonly answeredBy: string | undefined
  readonly kind: string
}

const thresholds = [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.98]
const file =
  option('questions') ?? join(process.env['REPRISE_ROOT'] ?? '.', 'bench', 'questions', 'families.json')
const families = JSON.parse(readFileSync(file, 'utf8')) as readonly Family[]
const asked = families.flatMap(({ language, kept, same, other }): Asked[] => [
  ...same.map((text) => ({ text, language, answeredBy: kept, kind: 'the same' })),
  ...Object.entries(other).flatMap(([kind, texts]) =>
    texts.map((text) => ({ text, language, answeredBy: undefined, kind })),
  ),
])

const vectors = await embedAll([...families.map(({ kept }) => kept), ...asked.map(({ text }) => text)])
const context = 'all'
const store = memorySemanticStore()
for (const { kept: question } of families)
  await store.keep({ context, tenant: 'bench', question, vector: vectorOf(question) })

async function embedAll(texts: readonly string[]): Promise<ReadonlyMap<string, readonly number[]>> {
  const url = option('embedder')
  const made = url === undefined ? await Promise.all(texts.map(demoEmbedder)) : await askEmbedder(url, texts)
  return new Map(texts.map((text, index) => [text, made[index] ?? []]))
}

async function askEmbedder(url: string, input: readonly string[]): Promise<readonly (readonly number[])[]> {
  const key = process.env['EMBEDDER_API_KEY']
  const response = await fetch(`${url.replace(/\/$/, '')}/embeddings`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify({ model: option('model') ?? '', input }),
  })
  if (!response.ok) throw new Error(`the embedder answered ${response.status}: ${await response.text()}`)
  const { data } = (await response.json()) as { data: { index: number; embedding: number[] }[] }
  return data.toSorted((a, b) => a.index - b.index).map(({ embedding }) => embedding)
}

function vectorOf(text: string): readonly number[] {
  return vectors.get(text) ?? []
}

/** The kept question that the tier would give the answer of. */
async function found({ text }: Asked, atLeast: number, guarded: boolean): Promise<string | undefined> {
  const near = await store.nearest({ context, vector: vectorOf(text), atLeast, limit: 8 })
  return near.find(({ question }) => !guarded || sameFigures(text, question))?.question
}

interface Outcome {
  readonly asked: Asked
  readonly hit: boolean
  readonly right: boolean
}

async function outcomes(threshold: number, guarded: boolean): Promise<readonly Outcome[]> {
  return Promise.all(
    asked.map(async (one) => {
      const question = await found(one, threshold, guarded)
      return { asked: one, hit: question !== undefined, right: question === one.answeredBy }
    }),
  )
}

const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(0)} %`

/** Hits, false hits and their share of all hits, as cells of a table. */
function cells(all: readonly Outcome[]): readonly string[] {
  const same = all.filter(({ asked: { answeredBy } }) => answeredBy !== undefined)
  const hits = all.filter(({ hit }) => hit)
  const wrong = hits.filter(({ right }) => !right)
  const rightful = same.filter(({ hit, right }) => hit && right)
  return [percent(rightful.length, same.length), String(wrong.length), percent(wrong.length, hits.length)]
}

const table = (rows: readonly (readonly string[])[]): void => {
  for (const row of rows) console.log(`| ${row.join(' | ')} |`)
  console.log('')
}

const same = asked.filter(({ answeredBy }) => answeredBy !== undefined).length
console.log(
  `${asked.length} questions beside ${families.length} kept ones: ${same} ask the same, ${asked.length - same} do not. Embedder: ${option('embedder') === undefined ? 'the demo embedder' : (option('model') ?? 'of --embedder')}\n`,
)

const rows = []
const chart: (readonly string[])[] = [
  [
    'accept',
    'found',
    'false hits',
    'of all hits',
    'found, guarded',
    'false hits, guarded',
    'of all hits, guarded',
  ],
  ['---', '---', '---', '---', '---', '---', '---'],
]
for (const threshold of thresholds) {
  const plain = await outcomes(threshold, false)
  const guarded = await outcomes(threshold, true)
  chart.push([threshold.toFixed(2), ...cells(plain), ...cells(guarded)])
  const wrong = (all: readonly Outcome[]): number => all.filter(({ hit, right }) => hit && !right).length
  rows.push(rowOf(`false hits at ${threshold}`, 'hits', [wrong(plain)]))
  rows.push(rowOf(`false hits at ${threshold}, guarded`, 'hits', [wrong(guarded)]))
}
table(chart)

const kinds = [...new Set(asked.map(({ kind }) => kind))]
const languages = [...new Set(asked.map(({ language }) => language))]
const shown = [0.7, 0.8, 0.9]
const byKind: (readonly string[])[] = [
  [
    'what differs',
    'asked',
    ...shown.flatMap((accept) => languages.map((language) => `hits at ${accept}, ${language}`)),
  ],
  ['---', '---', ...shown.flatMap(() => languages.map(() => '---'))],
]
const guardedAt = await Promise.all(shown.map((accept) => outcomes(accept, true)))
for (const kind of kinds) {
  const of = (all: readonly Outcome[], language: string): string => {
    const own = all.filter(({ asked: one }) => one.kind === kind && one.language === language)
    return `${own.filter(({ hit }) => hit).length} of ${own.length}`
  }
  const count = asked.filter((one) => one.kind === kind).length
  byKind.push([
    kind === 'the same' ? 'nothing' : kind,
    String(count),
    ...guardedAt.flatMap((all) => languages.map((language) => of(all, language))),
  ])
}
table(byKind)
writeFigures({ rows, ratios: [] })
