import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Tier } from '@reprise/cache'
import { fileTier } from '@reprise/cache/file'
import { createFakeClock } from '@reprise/cache/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nameOf, shardOf } from '../src/file/names.ts'
import { batchOf, group, numberOf } from './file-tier-records.ts'

const writer = fileURLToPath(new URL('file-tier-writer.ts', import.meta.url))
const root = fileURLToPath(new URL('../../..', import.meta.url))
let directory: string
beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), 'reprise-kill-'))))
afterAll(async () => rm(directory, { recursive: true }))

/** Waits without the loop, so that nothing comes between. */
function spin(done: () => boolean): void {
  const until = performance.now() + 1_000
  while (!done() && performance.now() < until);
}

/**
 * Lets a writer begin at a number and kills it some lines after its first: at a random instant, or once the first
 * record of a batch is in its place and most others are not. Resolves to the lines that it had written by then.
 */
async function killed(first: number, after: number, amid: boolean): Promise<string[]> {
  const child = spawn(
    process.execPath,
    ['--conditions=@reprise/source', '--import', 'tsx', writer, directory, String(first)],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
    const [kind, n] = output.split('\n').at(-2)?.split(' ') ?? []
    if (child.killed || output.split('\n').length <= after || (amid && kind !== 'single')) return
    const place = nameOf(batchOf(Number(n))[0] as string)
    if (amid) spin(() => existsSync(join(directory, shardOf(place), place)))
    const until = performance.now() + Math.random() * (amid ? 2 : 40)
    spin(() => performance.now() > until)
    child.kill('SIGKILL')
  })
  await new Promise((resolve) => child.once('close', resolve))
  return output.split('\n').slice(0, -1)
}

async function numbers(tier: Tier, keys: readonly string[]): Promise<(number | undefined)[]> {
  const found = await tier.read(keys)
  return found.map((record, index) =>
    record === undefined ? undefined : numberOf(keys[index] as string, record.body),
  )
}

test('killed 20 times at any instant: every record is whole, what was confirmed is there, batches are whole or absent', async () => {
  let first = 1
  for (let kill = 0; kill < 20; kill += 1) {
    const lines = await killed(first, 1 + ((kill * 3) % 7), kill % 2 === 0)
    const confirmed = new Set(lines)
    const last = Math.max(...lines.map((line) => Number(line.split(' ')[1])))
    const tier = fileTier({ directory })
    await tier.open()
    for (let n = first; n <= last + 1; n += 1) {
      const [single] = await numbers(tier, [`k:single:${n}`])
      if (confirmed.has(`removed ${n}`)) expect(single).toBeUndefined()
      else if (confirmed.has(`single ${n}`) && n % 3 !== 0) expect(single).toBe(n)
      else expect([undefined, n]).toContain(single)
      const batch = new Set(await numbers(tier, batchOf(n)))
      expect([...batch]).toEqual(confirmed.has(`batch ${n}`) ? [n] : [batch.has(n) ? n : undefined])
    }
    // The last one confirmed; or a later one whole; or, when one was under way, misses among the ones before.
    const groupConfirmed = lines.filter((line) => line.startsWith('group')).length + first - 1
    const seen = await numbers(tier, group)
    const newest = Math.max(...seen.map((n) => n ?? 0))
    if (newest > groupConfirmed) expect(seen).toEqual(group.map(() => newest))
    for (const n of seen) expect([undefined, groupConfirmed, groupConfirmed + 1]).toContain(n)
    first = last + 2
    // What the next one begins with is known.
    await tier.write(group.map((key) => ({ key, body: '{}', createdAt: 0, expiresAt: 1 })))
  }
  const items = (await fileTier({ directory }).list('k:', { limit: 100_000 })).items
  expect(items.length).toBeGreaterThan(20)

  // A day later nothing of it is left.
  const clock = createFakeClock(Date.now() + 86_400_000)
  const later = fileTier({ directory, clock })
  while ((await later.sweep(1_000)) === 1_000);
  await later.sweep(1_000)
  const left = await readdir(directory, { recursive: true, withFileTypes: true })
  expect(left.filter((file) => file.isFile()).map(({ name }) => name)).toEqual([])
})
