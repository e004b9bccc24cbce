import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openResults } from '@reprise/results'
import { build } from 'esbuild'
import { afterAll, expect, test } from 'vitest'
import { testServer } from './server.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const lease = 2_000
const kills = 100
/** Calls of getOrGenerate that each kill falls into. */
const width = 5

// In one file, since to compile the sources anew takes a process most of a second.
const folder = mkdtempSync(join(root, 'node_modules', '.kill-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const child = join(folder, 'child.mjs')
await build({
  entryPoints: [fileURLToPath(new URL('kill-child.ts', import.meta.url))],
  outfile: child,
  bundle: true,
  platform: 'node',
  format: 'esm',
  conditions: ['@reprise/source'],
  external: ['pg', '@electric-sql/pglite'],
})

/** Starts a process, kills it with SIGKILL at a random instant amid its work, and resolves to what it had reported. */
async function killed(url: string, round: number): Promise<string[]> {
  const worker = spawn(process.execPath, [child, url, String(round), String(width)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  const after = width + Math.floor(Math.random() * 20)
  worker.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
    if (worker.killed || output.split('\n').length <= after) return
    const until = performance.now() + Math.random() * 10
    while (performance.now() < until);
    worker.kill('SIGKILL')
  })
  await new Promise((resolve) => worker.once('close', resolve))
  return output.split('\n').slice(0, -1)
}

const server = await testServer('kill')

test(
  `${kills} kills amid ${width} calls each: nothing that was reported is lost, nothing is stuck after the lease`,
  { timeout: 300_000 },
  async () => {
    const database = await server.open()
    await (await openResults({ database, types: {} })).close()
    const lines: string[] = []
    const rounds = Array.from({ length: kills }, (_, round) => round)
    const lane = async (): Promise<void> => {
      for (let round = rounds.pop(); round !== undefined; round = rounds.pop())
        lines.push(...(await killed(server.url, round)))
    }
    await Promise.all([lane(), lane()])

    const written = lines.filter((line) => line.startsWith('written')).map((line) => line.split(' '))
    const begun = lines.filter((line) => line.startsWith('begun')).length
    // The kills fell into the middle: calls had begun that never came back.
    expect(begun - written.length).toBeGreaterThan(kills)
    const { rows } = await database.query<{ id: number; target: string; status: string; value: string }>(
      'select id, target, status, value from results',
    )
    const byId = new Map(rows.map((row) => [String(row.id), row]))
    for (const [, target, id = ''] of written)
      expect(byId.get(id)).toMatchObject({ target, status: 'valid', value: target })
    expect(rows.filter(({ status }) => status === 'generating').length).toBeGreaterThan(0)

    // Time passes by a clock instead of by waiting.
    const clock = { now: () => Date.now() + lease, setTimeout: () => ({ cancel: () => {} }) }
    const results = await openResults({ database, types: { note: {} }, clock, migrate: false })
    const stuck = rows.filter(({ status }) => status === 'generating')
    const [first] = stuck
    const taken = await results.forSite('site').begin('note', first?.target ?? '')
    await taken.finalize('taken over')
    await results.maintain()
    const left = await database.query(`select 1 from results where status = 'generating'`)
    expect(left.rows).toEqual([])
    for (const { id } of stuck)
      expect(await results.forSite('site').find(id)).toMatchObject({ status: 'failed', abandoned: true })
    await results.close()
  },
)
