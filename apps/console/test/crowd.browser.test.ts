import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient } from '@reprise/api'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { alarmTests } from './alarm-cases.ts'
import { documentTest } from './document-case.ts'
import {
  type Eyes,
  type Person,
  type Served,
  type Window,
  enterAs,
  openBrowser,
  openWindow,
  programs,
  serve,
} from './console.ts'

let served: Served
let hook: Server
const told: string[] = []
let browser: Browser
let window: Window | undefined
beforeAll(async () => {
  hook = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => told.push(chunk.toString()))
    request.on('end', () => response.end())
  })
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve))
  const { port } = hook.address() as AddressInfo
  const env = { ALARMS_WEBHOOK_URL: `http://127.0.0.1:${port}` }
  ;[served, browser] = await Promise.all([serve(env, programs.crowded), openBrowser()])
})
afterAll(async () => {
  await browser.close()
  await served.stop()
  hook.close()
})

async function enter(role: Person, eyes: Eyes = {}): Promise<Window> {
  await window?.close()
  window = await openWindow(browser, served, eyes)
  await enterAs(window, role, served.tokens[role] ?? '')
  return window
}

test('100,000 entries scroll: what is in sight is drawn, and more comes at the end', async () => {
  const { page, open, look, problems } = await enter('viewer')
  await open('/entries')
  const frame = page.getByRole('region', { name: 'Entries' })
  const rows = async (): Promise<number> =>
    Number(await page.getByRole('table').getAttribute('aria-rowcount')) - 1
  // More than is in sight is fetched before anybody scrolls, and at each end the next pages.
  await expect.poll(rows).toBeGreaterThan(400)
  for (let turn = 1; turn <= 5; turn += 1) {
    const before = await rows()
    await frame.evaluate((element) => element.scrollTo(0, element.scrollHeight))
    await expect.poll(rows).toBeGreaterThan(before)
  }
  expect(await page.locator('tbody tr').count()).toBeLessThan(60)
  // The longest frame while somebody scrolls through what is there: said, not judged.
  const [longest, scrolled] = await frame.evaluate(async (element) => {
    const gaps: number[] = []
    const height = Math.min(element.scrollHeight, 60_000)
    let before = performance.now()
    for (let place = 0; place < height; place += 1500) {
      element.scrollTo(0, place)
      await new Promise((resolve) => requestAnimationFrame(resolve))
      gaps.push(performance.now() - before)
      before = performance.now()
    }
    return [Math.max(...gaps), height]
  })
  console.log(`longest frame of a scroll through ${scrolled} pixels: ${Math.round(longest)} ms`)
  await look('crowd')
  expect(problems).toEqual([])
})

test('the first page is soon there', async () => {
  const { page, open } = await enter('viewer')
  await open('/')
  await page.reload()
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor()
  const shown = await page.evaluate(() => performance.now())
  const { domInteractive } = await page.evaluate(
    () => performance.getEntriesByType('navigation')[0]?.toJSON() as { domInteractive: number },
  )
  console.log(
    `first page: interactive after ${Math.round(domInteractive)} ms, drawn after at most ${Math.round(shown)} ms`,
  )
  expect(shown).toBeGreaterThan(0)
})

test('who is bound to a tenant is offered the pages about it, and begins with the first of them', async () => {
  const { page, open, look, problems } = await enter('bound', { theme: 'dark', width: 390 })
  await open('/')
  await page.getByRole('heading', { name: 'Entries', level: 1 }).waitFor()
  // No space here has entries of a tenant: nothing is looked through to know it.
  await page.getByText('No entry fits').waitFor()
  await look('bound')
  await page.getByRole('button', { name: 'Open the menu' }).click()
  const links = page.getByRole('navigation', { name: 'Pages' }).getByRole('link')
  await links.first().waitFor()
  expect(await links.allTextContents()).toEqual(['Entries', 'Results', 'Invalidation'])
  for (const path of ['/results', '/invalidations']) await open(path)
  expect(problems).toEqual([])
})

test('what a role may not do is not offered', async () => {
  const viewer = await enter('viewer')
  await viewer.open('/settings')
  const links = viewer.page.getByRole('navigation', { name: 'Pages' }).getByRole('link')
  expect(await links.allTextContents()).not.toContain('Operation log')
  await viewer.page.getByRole('heading', { name: 'Cache management' }).waitFor()
  expect(await viewer.page.getByRole('button', { name: 'Clear everything' }).count()).toBe(0)
  expect(await viewer.page.getByRole('button', { name: 'Clean up' }).count()).toBe(0)
  await viewer.open('/operations')
  await viewer.page.getByText('There is no such page').waitFor()
  await viewer.look('missing')
  await viewer.open('/tokens')
  await viewer.page.getByRole('cell', { name: 'wx1' }).waitFor()
  expect(await viewer.page.getByRole('button', { name: 'Renew' }).count()).toBe(0)

  const operator = await enter('operator')
  await operator.open('/settings')
  await operator.page.getByRole('button', { name: 'Clean up' }).waitFor()
  expect(await operator.page.getByRole('button', { name: 'Clear everything' }).count()).toBe(0)
  expect(operator.problems).toEqual([])
})

test.each([
  ['en', 'Compare two', 'Result', 'Renew', 'Reject', /Renewed the token/],
  ['zh-CN', '对比两个结果', '结果', '续期', '作废', /已续期/],
] as const)(
  'in %s two results of a target are compared, and a token is renewed',
  async (language, compare, result, renew, reject, renewed) => {
    const { page, open, look, problems } = await enter('admin', { language, theme: 'dark' })
    await open('/results')
    await page.getByText('order 9').waitFor()
    await page.getByText('the model gave no answer').waitFor()
    await look('results')
    await page.getByRole('button', { name: 'order 7' }).first().click()
    const boxes = page.getByRole('dialog').getByRole('checkbox')
    await boxes.nth(0).check()
    await boxes.nth(1).check()
    await look('history')
    await page.getByRole('button', { name: compare }).click()
    const rows = page.getByRole('dialog', { name: compare }).locator('tbody tr')
    expect(await rows.allTextContents()).toEqual(['advice.tonecalmwarm', 'score6085'])
    expect(await page.getByRole('columnheader', { name: new RegExp(`^${result}`) }).count()).toBe(2)
    await look('comparison')

    await open('/tokens')
    await look('tokens')
    const before = await page.locator('code').textContent()
    await page.getByRole('button', { name: renew }).click()
    await page.getByText(renewed).waitFor()
    await expect.poll(() => page.locator('td code').textContent()).not.toBe(before)
    await page.getByRole('button', { name: reject }).waitFor()
    expect(problems).toEqual([])
  },
)

alarmTests(enter, told)
documentTest(() => served, enter)

test('a user is made, logs in once, and is shut out', async () => {
  const { page, open, look, problems } = await enter('admin')
  await open('/settings/users')
  await page.getByRole('button', { name: 'New user' }).click()
  await page.getByRole('dialog').getByLabel('User name').fill('newcomer')
  await page.getByRole('button', { name: 'Make the user' }).click()
  const shown = page.getByRole('dialog', { name: 'One-time password' }).locator('code')
  await shown.waitFor()
  await look('one-time-password')
  const secret = (await shown.textContent()) ?? ''
  const login = () =>
    fetch(`${served.address}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'newcomer', password: secret }),
    })
  expect((await login()).status).toBe(200)
  await page.keyboard.press('Escape')
  await look('users')
  await page.getByRole('cell', { name: 'newcomer' }).click()
  await page.getByRole('button', { name: 'Shut out' }).click()
  await page
    .getByRole('row', { name: /newcomer/ })
    .getByText('shut out')
    .waitFor()
  expect((await login()).status).toBe(401)
  expect(problems).toEqual([])
})

test("a program's token is shown once, lets it in, and is of no use when removed", async () => {
  const { page, open, look, byKeyboard, problems } = await enter('admin')
  await open('/settings/users')
  const dialog = page.getByRole('dialog', { name: 'New token' })
  await byKeyboard(page.getByRole('button', { name: 'New token' }), dialog)
  await page.getByRole('button', { name: 'New token' }).click()
  await dialog.getByLabel('Name').fill('nightly-report')
  await dialog.getByLabel('Role').selectOption('operator')
  await dialog.getByRole('button', { name: 'Make the token' }).click()
  const shown = dialog.locator('code')
  await shown.waitFor()
  await look('program-token')
  const token = (await shown.textContent()) ?? ''
  const program = createClient({ baseUrl: served.address, token })
  expect(await program.call('me')).toMatchObject({ username: 'token:nightly-report', role: 'operator' })
  await page.keyboard.press('Escape')
  const row = page.getByRole('row', { name: /nightly-report/ })
  await row.waitFor()
  expect(await page.content()).not.toContain(token)
  await page.reload()
  await row.waitFor()
  expect(await page.content()).not.toContain(token)
  await look('programs')
  await byKeyboard(row.getByRole('button', { name: 'Remove' }), page.getByRole('alertdialog'))
  await row.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
  await row.waitFor({ state: 'detached' })
  await expect(program.call('me')).rejects.toMatchObject({ status: 401 })
  expect(problems).toEqual([])
})

test('a batch is refused by its field and accepted whole; what is dead says why and is tried again', async () => {
  const { page, open, look, byKeyboard, problems } = await enter('operator')
  await open('/tasks')
  const order = page.getByRole('dialog', { name: 'New task' })
  await byKeyboard(page.getByRole('button', { name: 'New task' }), order)
  await page.getByRole('button', { name: 'New task' }).click()
  expect(await order.getByRole('option').allTextContents()).not.toContain('clear')
  await order.getByLabel('Kind').selectOption('stock-take')
  await order.getByRole('button', { name: 'Add a task' }).click()
  const second = order.getByRole('group', { name: 'Task 2' })
  await second.getByLabel('Kind').selectOption('cleanup')
  await second.getByRole('textbox').fill('{ "type": "tooling", "days": 99 }')
  await order.getByRole('button', { name: 'Submit 2 tasks' }).click()
  await second.getByText('input.days: ').waitFor()
  await look('batch-refused')
  // The refusal is the browser's too: it tells of every answer of 400 and more.
  expect(problems.splice(0)).toEqual([expect.stringContaining('422')])
  const client = createClient({ baseUrl: served.address, token: served.tokens['operator'] ?? '' })
  expect((await client.call('taskList', { query: {} })).items).toEqual([])
  await second.getByRole('textbox').fill('{ "type": "tooling", "days": 30 }')
  await order.getByRole('button', { name: 'Submit 2 tasks' }).click()
  await page.getByText('Accepted a batch of 2 tasks').waitFor()
  await page.getByRole('row', { name: /cleanup.*completed/ }).waitFor()
  const failed = page.getByRole('row', { name: /stock-take.*dead/ })
  await failed.waitFor()
  await page.getByRole('combobox', { name: 'Status' }).selectOption('dead')
  await page.getByRole('row', { name: /cleanup/ }).waitFor({ state: 'detached' })
  await look('tasks-dead')
  const details = page.getByRole('dialog', { name: /^Task / })
  await byKeyboard(failed, details)
  await failed.click()
  await details.getByText('the shelf is locked').waitFor()
  await details.getByText('Batch of 2: 1 done').waitFor()
  await look('task-dead')
  await details.getByRole('button', { name: 'Try again' }).click()
  await page.getByText(/is tried again$/).waitFor()
  await details.getByText('Batch of 2: 2 done').waitFor()
  await details.getByText('shelves: 12').waitFor()
  expect(problems).toEqual([])
})

test('on a phone every page fits, and the menu leads everywhere', async () => {
  const { page, open, look, overflow, problems } = await enter('admin', { width: 390, language: 'zh-CN' })
  for (const path of [
    '/',
    '/spaces',
    '/entries',
    '/results',
    '/tokens',
    '/tasks',
    '/operations',
    '/settings',
  ]) {
    await open(path)
    expect([path, await overflow()]).toEqual([path, 0])
    await look(`phone${path.replaceAll('/', '-')}`)
  }
  await page.getByRole('button', { name: '打开菜单' }).click()
  await page.getByRole('dialog').getByRole('link', { name: '令牌' }).click()
  await page.getByRole('heading', { name: '令牌', level: 1 }).waitFor()
  expect(await page.getByRole('dialog').count()).toBe(0)
  expect(problems).toEqual([])
})
