import { afterAll, beforeAll, expect, it } from 'vitest'
import { bytes, span } from '../src/cli/amounts.ts'
import { runProgram } from '../src/cli/program.ts'
import { table } from '../src/cli/table.ts'
import { speak } from './speak.ts'
import { type TestService, headlines, quotes, startService } from './start-service.ts'

let running: TestService
let env: Record<string, string>
beforeAll(async () => {
  running = await startService()
  env = { REPRISE_SERVER: await running.service.listen(), REPRISE_TOKEN: await running.token('admin') }
})
afterAll(() => running.stop())

async function reprise(...args: readonly string[]) {
  const { io, said } = speak({ env })
  const code = await runProgram(args, io)
  return { code, ...said() }
}

async function fill(): Promise<void> {
  const handle = running.cache.open(quotes)
  await handle.set({ market: 'us', symbol: 'A' }, { price: 1 })
  await handle.set({ market: 'us', symbol: 'B' }, { price: 2 })
  await handle.set({ market: 'cn', symbol: 'C' }, { price: 0 })
  await running.cache.open(headlines).set({}, ['a'])
}

it('lists entries, by parameters, as a table, as JSON and for pipes', async () => {
  await fill()
  expect(
    (await reprise('keys', '--space', 'stock_quote', '--bare')).out.trim().split('\n').toSorted(),
  ).toEqual(['test:quote:cn:C', 'test:quote:us:A', 'test:quote:us:B'])
  const found = await reprise('keys', '--space', 'stock_quote', '--params', 'market=us&symbol=*', '--json')
  expect((JSON.parse(found.out) as unknown[]).length).toBe(2)
  expect((await reprise('keys', '--limit', '1')).out.trim().split('\n')).toHaveLength(2)
  expect((await reprise('keys', '--tag', 'none')).out).toBe('Nothing is there.\n')
  expect((await reprise('spaces')).out).toMatch(/stock_quote +quote:\{market\}:\{symbol\} +\S+ +3 /)
})

it('shows and explains one entry, falsy values too', async () => {
  await fill()
  expect((await reprise('get', 'quote:cn:C', '--value')).out).toBe('{"price":0}\n')
  expect((await reprise('get', 'test:quote:us:A')).out).toMatch(/^key +test:quote:us:A\nspace +stock_quote\n/)
  expect((await reprise('explain', 'quote:us:A')).out).toContain('A read would be answered from memory')
  expect(await reprise('get', 'quote:us:Z')).toMatchObject({ code: 3, out: '' })
  const unknown = await reprise('get', 'nonsense')
  expect([unknown.code, unknown.err]).toEqual([3, expect.stringContaining('has keys like "nonsense"')])
})

it('deletes and invalidates, and says before what would go', async () => {
  await fill()
  expect((await reprise('delete', 'quote:us:A', '--yes')).out).toBe('test:quote:us:A is deleted\n')
  expect((await reprise('delete', 'quote:us:A', '--yes')).code).toBe(3)
  const preview = await reprise('invalidate', '--space', 'stock_quote', '--dry-run')
  expect(preview.out).toMatch(/^2 entries of .* would go\./)
  expect(await running.cache.open(quotes).find({ market: 'us', symbol: 'B' })).toBeDefined()
  expect((await reprise('invalidate', '--space', 'stock_quote')).err).toContain('2 entries would go')
  const done = await reprise('invalidate', '--space', 'stock_quote', '--yes', '--reason', 'a test')
  expect([done.code, done.out]).toEqual([0, 'Done, and seen to be done.\n'])
  expect(await running.cache.open(quotes).find({ market: 'us', symbol: 'B' })).toBeUndefined()
  expect(await reprise('invalidate')).toMatchObject({ code: 2 })
})

it('tells who did what, and that the log is whole', async () => {
  await reprise('delete', 'quote:us:Q', '--yes')
  const list = await reprise('audit', '--operation', 'entry', '--limit', '5')
  expect(list.out).toMatch(/the-admin +entry\.delete/)
  expect((await reprise('audit', 'verify')).out).toMatch(/^The chain of \d+ rows is intact/)
  expect((await reprise('audit', 'export')).out).toMatch(/^\uFEFF?position,/)
  await running.database.query(`update service_operations set username = 'nobody' where position = 1`)
  expect(await reprise('audit', 'verify')).toMatchObject({
    code: 1,
    out: expect.stringMatching(/^Row 1 is not as it was written/) as string,
  })
})

it('makes users, changes them and removes them', async () => {
  expect((await reprise('users', 'add', 'ann', 'operator', '--tenant', 'shop')).out).toMatch(
    /^ann \(operator\): one-time password \S+\n$/,
  )
  expect((await reprise('users', 'role', 'ann', 'viewer')).out).toBe('ann: viewer, active\n')
  expect((await reprise('users', 'disable', 'ann')).out).toBe('ann: viewer, shut out\n')
  expect((await reprise('users')).out).toMatch(/ann +viewer +shop +shut out/)
  expect((await reprise('users', 'remove', 'ann', '--yes')).code).toBe(0)
  expect(await reprise('users', 'logout', 'ann')).toMatchObject({ code: 3 })
  expect((await reprise('users', 'add', 'ann')).err).toContain('Say the role')
})

it('has no tokens to show where the application has none', async () => {
  expect((await reprise('tokens')).out).toBe('No token is kept or configured.\n')
  expect((await reprise('tokens', 'renew')).code).toBe(2)
})

it('draws amounts and tables for people', () => {
  expect([0, 1023, 1024, 1536, 5 * 1024 ** 3].map(bytes)).toEqual([
    '0 B',
    '1023 B',
    '1.0 KiB',
    '1.5 KiB',
    '5.0 GiB',
  ])
  expect([0, 999, 1_500, 90_000, 7_200_000, 259_200_000, Infinity].map(span)).toEqual([
    '0 ms',
    '999 ms',
    '1.5 s',
    '2 min',
    '2 h',
    '3 d',
    'for ever',
  ])
  const columns = [
    { title: 'A', show: ({ a }: { a: string }) => a },
    { title: 'N', show: () => 10, align: 'right' as const },
  ]
  // What moves the cursor is shown, not done; wide characters take two columns.
  expect(table(columns, [{ a: '\u001b[2J' }, { a: '上海' }])).toBe(
    'A           N\n\\u001b[2J  10\n上海       10\n',
  )
})
