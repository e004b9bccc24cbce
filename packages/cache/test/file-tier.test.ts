import {
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Tier, TierRecord } from '@reprise/cache'
import { type FileTierOptions, fileTier } from '@reprise/cache/file'
import { type FakeClock, createFakeClock, tierConformance } from '@reprise/cache/testing'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { nameOf, shardOf } from '../src/file/names.ts'

let directory: string
let clock: FakeClock
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'reprise-file-'))
  clock = createFakeClock()
})
afterEach(async () => rm(directory, { recursive: true }))

const record = (key: string, change: Partial<TierRecord> = {}): TierRecord => ({
  key,
  body: `"${key.slice(0, 50)}"`,
  createdAt: clock.now(),
  expiresAt: clock.now() + 3_600_000,
  ...change,
})
const pathOf = (key: string): string => join(directory, shardOf(nameOf(key)), nameOf(key))
const open = async (options: Partial<FileTierOptions> = {}): Promise<Tier> => {
  const tier = fileTier({ directory, clock, ...options })
  await tier.open()
  return tier
}
const bodyIn = async (tier: Tier, key: string): Promise<unknown> => (await tier.read([key]))[0]?.body
const files = async (): Promise<string[]> => {
  const all = await readdir(directory, { recursive: true, withFileTypes: true })
  return all.filter((file) => !file.isDirectory()).map(({ name }) => name)
}

describe.each([false, true])('fileTier, fsync %s', (fsync) => {
  const cases = tierConformance(async () => ({
    tier: fileTier({ directory, clock, fsync }),
    clock,
    close: async () => {},
  }))
  for (const { name, run } of cases) test(name, run)
})

describe('keys', () => {
  const keys = [
    'p:订单/../../甲',
    '../../../etc/passwd',
    'p:/abs',
    'p:nul\0nul',
    'p:\\\\x',
    '.',
    '..',
    `p:${'长'.repeat(5_000)}`,
  ]

  test('with any characters, 15 kB long too, work and stay in the folder', async () => {
    const tier = await open()
    const all = [...keys, 'p:\ud800', 'p:\udfff']
    await tier.write(all.map((key) => record(key, { body: JSON.stringify(key) })))
    for (const key of all) expect(await bodyIn(tier, key)).toBe(JSON.stringify(key))
    expect((await tier.list('', { limit: 100 })).items.map(({ key }) => key).toSorted()).toEqual(
      all.toSorted(),
    )
    for (const name of await readdir(directory)) expect(name).toMatch(/^([0-9a-f]{2}|commits)$/)
    expect(await tier.remove(all)).toEqual(all)
  })

  test('a file in the place of another key is a miss, and not told as removed', async () => {
    const tier = await open()
    await tier.write([record('p:a')])
    await mkdir(join(pathOf('p:b'), '..'), { recursive: true })
    await copyFile(pathOf('p:a'), pathOf('p:b'))
    expect(await bodyIn(tier, 'p:b')).toBeUndefined()
    expect(await tier.remove(['p:b'])).toEqual([])
    expect(await bodyIn(tier, 'p:a')).toBe('"p:a"')
  })
})

describe('damage', () => {
  test('a file cut off, prolonged or changed at any byte is a miss, and a sweep removes what it can tell', async () => {
    const tier = await open()
    await tier.write([record('p:a', { body: '{"text":"机票"}', sidecar: '{"v":"1"}' })])
    const whole = await readFile(pathOf('p:a'))
    for (let length = 0; length < whole.length; length += 1) {
      await writeFile(pathOf('p:a'), whole.subarray(0, length))
      expect(await bodyIn(tier, 'p:a')).toBeUndefined()
    }
    expect(await tier.sweep(10)).toBe(1)
    await writeFile(pathOf('p:a'), Buffer.concat([whole, Buffer.from('x')]))
    expect(await bodyIn(tier, 'p:a')).toBeUndefined()
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (place, flip) => {
        const damaged = Buffer.from(whole)
        damaged[place] = (damaged[place] as number) ^ flip
        await writeFile(pathOf('p:a'), damaged)
        expect(await bodyIn(tier, 'p:a')).toBeUndefined()
        await tier.list('p:', { limit: 10 })
      }),
      { numRuns: 300 },
    )
    await writeFile(pathOf('p:a'), whole)
    expect(await bodyIn(tier, 'p:a')).toBe('{"text":"机票"}')
  })

  test('a file of a later version is a miss and stays', async () => {
    const tier = await open()
    await tier.write([record('p:a')])
    const later = await readFile(pathOf('p:a'))
    later[3] = 0x32
    await writeFile(pathOf('p:a'), later)
    expect(await bodyIn(tier, 'p:a')).toBeUndefined()
    expect(await tier.sweep(10)).toBe(0)
    expect(await files()).toHaveLength(1)
  })

  test('a folder or a pipe in the place of a file is a miss', async () => {
    const tier = await open()
    await mkdir(pathOf('p:a'), { recursive: true })
    expect(await tier.read(['p:a', 'p:b'])).toEqual([undefined, undefined])
    expect(await tier.remove(['p:a'])).toEqual([])
    await expect(tier.write([record('p:a')])).rejects.toThrow(/EISDIR|EEXIST|ENOTEMPTY/)
    expect(await files()).toEqual([])
  })
})

describe('links', () => {
  let outside: string
  beforeEach(async () => void (outside = await mkdtemp(join(tmpdir(), 'reprise-outside-'))))
  afterEach(async () => rm(outside, { recursive: true }))

  test('a link in the place of a record is not read, listed or written through, and removed itself', async () => {
    const tier = await open()
    await tier.write([record('p:a')])
    const target = join(outside, 'target')
    await rename(pathOf('p:a'), target)
    await symlink(target, pathOf('p:a'))
    const before = await readFile(target)
    expect(await bodyIn(tier, 'p:a')).toBeUndefined()
    expect((await tier.list('', { limit: 10 })).items).toEqual([])
    await tier.write([record('p:a', { body: '"new"' })])
    expect(await bodyIn(tier, 'p:a')).toBe('"new"')
    await rm(pathOf('p:a'))
    await symlink(target, pathOf('p:a'))
    expect(await tier.remove(['p:a'])).toEqual([])
    expect(await readFile(target)).toEqual(before)
    expect(await files()).toEqual([])
  })

  test('a link in the place of a folder of records is not followed by anything', async () => {
    const tier = await open()
    await tier.write([record('p:a')])
    const shard = join(pathOf('p:a'), '..')
    await rename(shard, join(outside, 'shard'))
    await symlink(join(outside, 'shard'), shard)
    await clock.advance(3_600_000)
    expect(await bodyIn(tier, 'p:a')).toBeUndefined()
    expect(await tier.remove(['p:a'])).toEqual([])
    expect(await tier.sweep(10)).toBe(0)
    expect(await tier.usage('')).toEqual({ entries: 0, bytes: 0 })
    await expect(tier.write([record('p:a')])).rejects.toThrow(/is a link/)
    expect(await readdir(join(outside, 'shard'))).toHaveLength(1)
  })
})

describe('sweeps', () => {
  test('what writes left behind goes after a while, and work in progress stays', async () => {
    const tier = await open()
    await tier.write([record('p:a'), record('p:b')])
    const leftover = `${pathOf('p:a')}.${clock.now().toString(36)}-0123456789abcdef.tmp`
    await writeFile(leftover, 'torn')
    await writeFile(join(directory, shardOf(nameOf('p:a')), 'README'), 'not ours')
    // The marker of a batch that died: its records are in their places and count for nothing.
    const [marker] = await readdir(join(directory, 'commits'))
    await rm(join(directory, 'commits', marker ?? ''))
    const other = await open()
    expect(await other.read(['p:a', 'p:b'])).toEqual([undefined, undefined])
    expect(await other.sweep(10)).toBe(0)
    expect(await files()).toHaveLength(4)
    await clock.advance(600_000)
    expect(await other.sweep(10)).toBe(2)
    expect(await files()).toEqual(['README'])
  })

  test('markers of batches go once no record names them', async () => {
    const tier = await open()
    await tier.write([record('p:a'), record('p:b')])
    await tier.write([record('p:a')])
    await clock.advance(700_000)
    for (let round = 0; round < 2; round += 1) await tier.sweep(10)
    expect(await readdir(join(directory, 'commits'))).toHaveLength(1)
    expect(await bodyIn(await open(), 'p:b')).toBe('"p:b"')
    await tier.remove(['p:b'])
    for (let round = 0; round < 2; round += 1) await tier.sweep(10)
    expect(await readdir(join(directory, 'commits'))).toEqual([])
  })

  test('above the size the oldest go, as many as needed, in slices', async () => {
    const tier = await open({ maxBytes: 50_000 })
    const keys = Array.from({ length: 60 }, (_, index) => `p:${index}`)
    for (const key of keys) {
      await tier.write([record(key, { body: 'x'.repeat(2_000) })])
      await clock.advance(10)
    }
    const each = (await stat(pathOf('p:10'))).size
    let removed = 0
    for (let last = 7; last === 7; removed += last) last = await tier.sweep(7)
    expect(removed).toBe(60 - Math.floor(50_000 / each))
    const left = (await tier.list('', { limit: 100 })).items.map(({ key }) => Number(key.slice(2)))
    expect(left.toSorted((a, b) => a - b)).toEqual(keys.map((_, index) => index).slice(removed))
    expect(await tier.sweep(100)).toBe(0)
  })

  test('records made at one instant go only as far as the size asks', async () => {
    const tier = await open({ maxBytes: 30_000 })
    await tier.write(
      Array.from({ length: 20 }, (_, index) => record(`p:${index}`, { body: 'x'.repeat(2_000) })),
    )
    await tier.sweep(1_000)
    expect((await tier.usage('')).entries).toBe(14)
    const other = await open({ maxBytes: 1 })
    expect(await other.sweep(1_000)).toBe(14)
  })

  test('past maxAge a record is as good as expired', async () => {
    const tier = await open({ maxAge: '10m' })
    await tier.write([record('p:a', { expiresAt: Infinity })])
    await clock.advance(599_999)
    expect(await bodyIn(tier, 'p:a')).toBe('"p:a"')
    await clock.advance(1)
    expect(await bodyIn(tier, 'p:a')).toBeUndefined()
    expect((await tier.usage('')).entries).toBe(0)
    expect(await tier.sweep(10)).toBe(1)
  })
})

test('two tiers in one folder see each other at once; what is removed by one is gone for both', async () => {
  const [one, other] = [await open(), await open()]
  await one.write([record('p:a'), record('p:b')])
  expect(await other.remove(['p:a'])).toEqual(['p:a'])
  expect((await one.read(['p:a', 'p:b'])).map((found) => found?.key)).toEqual([undefined, 'p:b'])
})

test('a folder that was emptied while in use works on', async () => {
  const tier = await open()
  await tier.write([record('p:a')])
  for (const name of await readdir(directory)) await rm(join(directory, name), { recursive: true })
  expect(await bodyIn(tier, 'p:a')).toBeUndefined()
  await tier.write([record('p:a'), record('p:b')])
  expect(await bodyIn(tier, 'p:a')).toBe('"p:a"')
})

test('a write that cannot be made leaves nothing of it', async () => {
  const tier = await open()
  await tier.write([record('p:b', { body: '"old"' })])
  await writeFile(join(directory, shardOf(nameOf('p:a'))), 'a file in the place of a folder')
  await expect(tier.write([record('p:b', { body: '"new"' }), record('p:a')])).rejects.toThrow(
    /EEXIST|ENOTDIR/,
  )
  expect(await bodyIn(tier, 'p:b')).toBe('"old"')
  expect((await files()).filter((name) => name.endsWith('.tmp'))).toEqual([])
})

test('options that make no sense and cursors of others are refused', async () => {
  for (const options of [
    { directory: '' },
    { directory: 'a\0b' },
    { directory, maxBytes: 0 },
    { directory, maxAge: -1 },
  ])
    expect(() => fileTier(options)).toThrow(expect.objectContaining({ code: 'E_OPTION_INVALID' }))
  const tier = await open()
  await expect(tier.list('', { limit: 1, cursor: '../x' })).rejects.toMatchObject({
    code: 'E_CURSOR_INVALID',
  })
})
