import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Served, type Window, logIn, openBrowser, openWindow, password, serve } from './console.ts'
import { words } from './page-words.ts'
import { phoneTest } from './phone-case.ts'

let served: Served
let browser: Browser
beforeAll(async () => {
  ;[served, browser] = await Promise.all([serve({ REPRISE_ADMIN_PASSWORD: password }), openBrowser()])
})
afterAll(async () => {
  await browser.close()
  await served.stop()
})

/** One screenshot of a conversation for the coach. */
function analysis(session: string) {
  const bubble = {
    text: 'See you tomorrow?',
    column: 'left' as const,
    bbox: [0, 0, 100, 40] as [number, number, number, number],
  }
  return {
    user_id: 'u1',
    session_id: session,
    screenshots: [{ resource: `${session}.png`, size: { width: 400, height: 800 }, bubbles: [bubble] }],
  }
}

describe.each(['en', 'zh-CN'] as const)('in %s', (language) => {
  const said = words[language]
  let window: Window
  beforeAll(async () => {
    await served.client.call('chatInteract', {
      body: { user_id: language, input: '我想订一张明天去上海的机票' },
    })
    window = await openWindow(browser, served, { language, theme: language === 'en' ? 'light' : 'dark' })
    await window.open('/')
    await logIn(window, 'admin', password)
  })
  afterAll(async () => window.close())

  test('every page of the navigation opens by its link and by its keys', async () => {
    const { page } = window
    const links = page.getByRole('navigation').getByRole('link')
    expect(await links.allTextContents()).toEqual(said.pages)
    const keys = ['o', 's', 'e', 'n', 'a', 'i', 't', 'l', ',']
    for (const [index, name] of said.pages.entries()) {
      await links.nth(index).click()
      const heading = page.locator('main h1').first()
      await heading.waitFor()
      expect(await page.title()).toBe(`${name} · Reprise`)
      await page.keyboard.press('g')
      await page.keyboard.press(keys[(index + 1) % keys.length] ?? '')
      await page.waitForFunction(
        (title) => document.title === title,
        `${said.pages[(index + 1) % keys.length]} · Reprise`,
      )
    }
  })

  test('overview and spaces show what was read', async () => {
    const { page } = window
    await window.open('/')
    await page.getByText(/%/).first().waitFor()
    // The last hour is there at once, from before the page was opened.
    for (const name of [said.lastHour, said.tierTimes])
      await page.getByRole('img', { name }).locator('canvas').waitFor()
    await page.getByText(/^sql p99/).waitFor()
    // What happens elsewhere is told here as it happens.
    await page.getByText(said.live, { exact: true }).first().waitFor()
    await served.client.call('entryDelete', { query: { key: `session:nobody-${language}` } })
    await page.getByText(`session:nobody-${language}`, { exact: false }).first().waitFor()
    await window.look('overview')
    await window.open('/spaces')
    await page.getByRole('cell', { name: 'intent_config', exact: true }).waitFor()
    await window.look('spaces')
    await page.getByRole('cell', { name: 'intent_config', exact: true }).click()
    await page.getByRole('heading', { name: 'intent_config', level: 1 }).waitFor()
    await page.getByRole('heading', { name: said.advice }).waitFor()
    await page.getByRole('region', { name: said.hot }).getByText('intent_config:').first().waitFor()
    await page.getByRole('img', { name: said.lastHour }).locator('canvas').waitFor()
    await window.look('space')
  })

  test('an entry is found, explained, opened by the keyboard, and deleted', async () => {
    const { page } = window
    await window.open('/entries?space=intent_config')
    await page.getByPlaceholder(said.parameters).fill('intent_name=booking_*')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('tbody tr').count()).toBe(3)
    expect(new URL(page.url()).searchParams.get('params')).toBe('intent_name=booking_*')
    await window.look('entries')
    await page.locator('tbody tr').first().focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByText(said.sentence).waitFor()
    await dialog.getByText('"booking_hotel"').waitFor()
    await window.look('entry')
    await dialog.getByRole('button', { name: said.delete }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: said.delete }).click()
    await page.getByText(said.deleted).first().waitFor()
    await expect.poll(() => page.locator('tbody tr').count()).toBe(2)
  })

  test('an invalidation by tag counts first, and is in the log with its reason', async () => {
    const { page } = window
    await window.open('/entries')
    await page.getByRole('button', { name: said.byTag }).click()
    await page.getByRole('dialog').getByLabel(said.tag, { exact: true }).fill(`nobody:${language}`)
    await page.getByRole('button', { name: said.count }).click()
    await page.getByText(said.wouldGo).waitFor()
    await window.look('invalidate-by-tag')
    await served.client.call('invalidate', {
      body: { tags: [`nobody:${language}`], reason: `because ${language}` },
    })
    await window.open('/invalidations')
    await page.getByRole('cell', { name: `because ${language}` }).click()
    await page.getByRole('dialog').getByText(said.completed).waitFor()
    const deliveries = page.getByRole('dialog').getByRole('region', { name: said.deliveries })
    await deliveries.getByText(said.allApplied).waitFor()
    expect(await deliveries.getByRole('listitem').count()).toBe(1)
    await window.look('invalidation')
  })

  test('a session of the coach is a timeline that opens', async () => {
    const { page } = window
    await served.client.call('coachPredict', { body: analysis(`session-${language}`) })
    await window.open('/sessions')
    await page.getByRole('cell', { name: `session-${language}` }).click()
    const dot = page
      .getByRole('button', { name: said.event.source.includes('Event') ? /^Event/ : /^事件/ })
      .first()
    await dot.waitFor()
    await window.look('session')
    await dot.click()
    await page.getByRole('dialog', { name: said.event }).waitFor()
  })

  test('a session of the assistant shows its stack, slots and turns beside its timeline', async () => {
    const { page } = window
    const say = (input: string, session?: { session_id: string }) =>
      served.client.call('chatInteract', { body: { user_id: `talker-${language}`, input, ...session } })
    const { session_id } = await say('我想订一张明天去上海的机票')
    await say('先帮我订后天北京的酒店', { session_id })
    await served.client.call('coachPredict', { body: analysis(session_id) })
    await window.open('/sessions')
    await page.getByRole('link', { name: said.conversations }).click()
    await page.getByRole('cell', { name: session_id }).click()
    const stack = page.getByRole('region', { name: said.stack })
    await stack.getByText('booking_hotel').waitFor()
    expect(await stack.locator('strong').allTextContents()).toEqual(['booking_hotel', 'booking_flight'])
    await page.getByRole('cell', { name: 'check_in_date' }).waitFor()
    await page.getByRole('region', { name: said.turns }).getByText('先帮我订后天北京的酒店').waitFor()
    await page.getByRole('region', { name: said.timeline }).waitFor()
    await window.look('conversation')
  })

  test('a task is submitted, done, and opened', async () => {
    const { page } = window
    await window.open('/tasks')
    await page.getByRole('button', { name: said.newTask }).click()
    await page.getByLabel(said.kind, { exact: true }).selectOption('cleanup')
    await page.getByRole('dialog').locator('textarea').fill('{ "days": 30 }')
    await page.getByRole('button', { name: said.submit }).click()
    await page.getByText(said.submitted).waitFor()
    const row = page.getByRole('row').filter({ has: page.getByRole('cell', { name: 'cleanup' }) })
    await row.first().getByText(said.completed, { exact: true }).waitFor()
    await window.look('tasks')
    await row.first().click()
    await page
      .getByRole('dialog', { name: said.task })
      .getByText('"removed"', { exact: false })
      .or(page.getByRole('dialog').getByText('removed:', { exact: false }))
      .first()
      .waitFor()
    await window.look('task')
  })

  test('the operation log is filtered, opened, checked and exported', async () => {
    const { page } = window
    await window.open('/operations?action=entry')
    await page.getByRole('cell', { name: 'entry.delete' }).first().click()
    await page
      .getByRole('dialog', { name: said.row })
      .getByText('booking_hotel', { exact: false })
      .first()
      .waitFor()
    await page.keyboard.press('Escape')
    await window.look('operations')
    await page.getByRole('button', { name: said.check }).click()
    await page.getByText(said.intact).waitFor()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: said.export }).click(),
    ])
    expect(download.suggestedFilename()).toBe('operations.csv')
  })

  test('a turn with the assistant shows what the cache did for it', async () => {
    const { page } = window
    await window.open('/assistant')
    await page.getByLabel(said.message).fill(said.say)
    await page.getByRole('button', { name: said.send }).click()
    await page.getByText(said.reads).waitFor()
    await page.getByText('booking_flight', { exact: false }).first().waitFor()
    await window.look('assistant')
  })

  test('a row of the configuration is changed, and its invalidation completes', async () => {
    const { page } = window
    await window.open('/settings/configuration')
    await page.getByRole('combobox').first().selectOption('intents')
    await page.getByRole('cell', { name: 'booking_flight', exact: true }).first().click()
    const fields = page.getByRole('dialog').locator('textarea')
    const row = JSON.parse(await fields.inputValue()) as Record<string, unknown>
    await fields.fill('{ not json')
    await page.getByRole('button', { name: said.save }).click()
    await page.getByRole('dialog').getByText('JSON', { exact: false }).last().waitFor()
    await fields.fill(JSON.stringify({ ...row, description: `changed in ${language}` }))
    await page.getByRole('button', { name: said.save }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByText(`changed in ${language}`).first().waitFor()
    await page.getByText(said.completed, { exact: true }).first().waitFor()
    await window.look('configuration')
  })

  test('a threshold is changed, compared with what it was, and brought back', async () => {
    const { page } = window
    const table = 'system_configs'
    const { rows } = await served.client.call('configList', { params: { table }, query: { page_size: 200 } })
    const row = rows.find(({ config_key: key }) => key === 'max_retry_attempts')
    await served.client.call('configChange', {
      params: { table, id: JSON.stringify(row?.['id']) },
      body: { values: { config_value: 7 }, reason: `because ${language}` },
    })
    await window.open('/settings/versions')
    const dialog = page.getByRole('dialog', { name: said.versions })
    const made = page.getByRole('row').filter({ hasText: 'max_retry_attempts 3 → 7' }).first()
    await window.byKeyboard(made, dialog)
    await made.click()
    expect(await dialog.locator('tbody tr').allTextContents()).toEqual(['max_retry_attempts37'])
    await window.look('versions-compared')
    const asked = page.getByRole('alertdialog')
    await window.byKeyboard(dialog.getByRole('button', { name: said.rollBack }), asked)
    await dialog.getByRole('button', { name: said.rollBack }).click()
    await asked.getByRole('textbox').fill('too many')
    await window.look('roll-back')
    await asked.getByRole('button', { name: said.rollBack }).click()
    await page.getByRole('cell', { name: 'max_retry_attempts 7 → 3' }).first().waitFor()
    await page.getByRole('cell', { name: 'too many' }).first().waitFor()
    await dialog.waitFor({ state: 'detached' })
    await window.look('versions')
  })

  test('cache management as in document 001: page sizes, clean-up by days, clear with a question', async () => {
    const { page } = window
    await window.open('/settings')
    await page.getByLabel(said.perPage).selectOption('10')
    await expect.poll(() => page.locator('tbody tr').count()).toBe(10)
    const slider = page.getByRole('slider', { name: said.days })
    await slider.press('Home')
    expect(await slider.getAttribute('aria-valuenow')).toBe('1')
    await slider.press('End')
    expect(await slider.getAttribute('aria-valuenow')).toBe('30')
    await window.look('cache-management')
    await page.getByRole('button', { name: said.cleanUp, exact: true }).click()
    await window.look('confirm')
    await page.getByRole('alertdialog').getByRole('button', { name: said.cleanUp, exact: true }).click()
    await page.getByText(said.cleaned).waitFor()
    await page.getByRole('button', { name: said.clear }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: said.cancel }).click()
    expect(await page.locator('tbody tr').count()).toBe(10)
    await page.getByRole('button', { name: said.clear }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: said.clear }).click()
    await page.getByText(said.cleared).first().waitFor()
    // The assistant's own figures and logs may be back in a moment; what was read is not.
    await expect.poll(() => page.locator('tbody tr').count()).toBeLessThan(10)
    await window.look('cache-cleared')
  })

  phoneTest(() => window)

  test('nothing went wrong in the browser', () => {
    expect(window.problems).toEqual([])
  })
})
