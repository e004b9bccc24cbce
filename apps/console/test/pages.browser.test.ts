import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Served, type Window, logIn, openBrowser, openWindow, password, serve } from './console.ts'

let served: Served
let browser: Browser
beforeAll(async () => {
  ;[served, browser] = await Promise.all([serve({ REPRISE_ADMIN_PASSWORD: password }), openBrowser()])
  await served.client.call('chatInteract', { body: { user_id: 'u1', input: '我想订一张明天去上海的机票' } })
}, 60_000)
afterAll(async () => {
  await browser.close()
  await served.stop()
})

/** What is on the pages in each language. */
const words = {
  en: {
    pages: ['Overview', 'Spaces', 'Assistant', 'Settings'],
    send: 'Send',
    message: 'Message',
    say: 'I want to fly to Shanghai tomorrow',
    reads: /reads were answered by the cache/,
    cleanUp: 'Clean up',
    cleaned: /Removed 0 entries/,
    clear: 'Clear everything',
    cleared: /The cache is empty/,
    noEntries: 'The cache is empty',
    days: 'Days to keep',
    perPage: 'Per page',
    configuration: 'Configuration',
    completed: 'completed',
    save: 'Save',
    cancel: 'Cancel',
  },
  'zh-CN': {
    pages: ['总览', '缓存空间', '助手', '设置'],
    send: '发送',
    message: '消息',
    say: '我想订一张明天去北京的机票',
    reads: /次读取中有/,
    cleanUp: '清理',
    cleaned: /已删除 0 个条目/,
    clear: '全部清空',
    cleared: /缓存已清空/,
    noEntries: '缓存为空',
    days: '保留天数',
    perPage: '每页',
    configuration: '配置',
    completed: '已完成',
    save: '保存',
    cancel: '取消',
  },
} as const

describe.each(['en', 'zh-CN'] as const)('in %s', (language) => {
  const said = words[language]
  let window: Window
  beforeAll(async () => {
    window = await openWindow(browser, served, { language, theme: language === 'en' ? 'light' : 'dark' })
    await window.open('/')
    await logIn(window, 'admin', password)
  })
  afterAll(async () => window.close())

  test('every page of the navigation opens by its link and by its keys', async () => {
    const { page } = window
    const links = page.getByRole('navigation').getByRole('link')
    expect(await links.allTextContents()).toEqual(said.pages)
    const keys = ['o', 's', 'a', ',']
    for (const [index, name] of said.pages.entries()) {
      await links.nth(index).click()
      const heading = page.locator('main h1').first()
      await heading.waitFor()
      expect(await page.title()).toBe(`${name} · Reprise`)
      await page.keyboard.press('g')
      await page.keyboard.press(keys[(index + 1) % keys.length] ?? '')
      await page.waitForFunction(
        (title) => document.title === title,
        `${said.pages[(index + 1) % 4]} · Reprise`,
      )
    }
  })

  test('overview and spaces show what was read', async () => {
    const { page } = window
    await window.open('/')
    await page.getByText(/%/).first().waitFor()
    await window.look('overview')
    await window.open('/spaces')
    await page.getByRole('cell', { name: 'intent_config', exact: true }).waitFor()
    await window.look('spaces')
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
    await page.getByText(said.noEntries, { exact: true }).waitFor()
    await window.look('cache-empty')
  })

  test('nothing went wrong in the browser', () => {
    expect(window.problems).toEqual([])
  })
})
