import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Client, createClient } from '@reprise/api'
import { type Browser, type BrowserContext, type Locator, type Page, chromium } from 'playwright-core'
import { expect } from 'vitest'

const bundled = process.env['REPRISE_TEST_PROGRAMS'] ?? ''

/** The programs that serve a console: the assistant as people start it, and one with what that does not have. */
export const programs = {
  assistant: join(bundled, 'assistant.js'),
  crowded: join(bundled, 'crowded-service.js'),
} as const
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const shots = fileURLToPath(new URL('../screenshots/', import.meta.url))
const browserPath = process.env['REPRISE_TEST_CHROMIUM'] ?? '/usr/bin/chromium'

/** A password that the administrator of a test has. */
export const password = 'a lasting password'

/** The assistant as a process of its own, with its console. */
export interface Served {
  readonly address: string
  /** The password of the first login; absent when one was given. */
  readonly oneTimePassword: string | undefined
  /** The tokens that the program told, by role. */
  readonly tokens: Readonly<Record<string, string>>
  /** A client with the rights of an administrator. */
  readonly client: Client
  stop(): Promise<void>
}

/** Starts a program that serves a console, on an embedded database in a new folder. */
export async function serve(
  env: Readonly<Record<string, string>> = {},
  program: string = programs.assistant,
): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-console-'))
  const child: ChildProcess = spawn(process.execPath, [program], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      REPRISE_PGLITE_TEMPLATE: process.env['REPRISE_PGLITE_TEMPLATE'],
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
      LOG_LEVEL: 'warn',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'close')
  let output = ''
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const ready = new Promise<string>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const found = /^ready (\S+)\n/m.exec(output)?.[1]
      if (found !== undefined) resolve(found)
    })
  })
  const address = await Promise.race([ready, ended.then(() => undefined)])
  if (address === undefined) throw new Error(`The server did not start:\n${output}`)
  const token = /^token (?:admin )?(\S+)$/m.exec(output)?.[1]
  return {
    address,
    tokens: Object.fromEntries(
      [...output.matchAll(/^token (\w+) (\S+)$/gm)].map(([, role = '', told = '']) => [role, told]),
    ),
    oneTimePassword: /^one-time password of the user admin: (\S+)$/m.exec(output)?.[1],
    client: createClient({ baseUrl: address, ...(token === undefined ? {} : { token }) }),
    async stop() {
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** How somebody looks at the console. */
export interface Eyes {
  readonly language?: 'en' | 'zh-CN'
  readonly theme?: 'light' | 'dark'
  readonly width?: number
}

/** One person's window. */
export interface Window {
  readonly page: Page
  /** What went to the browser's console as an error, and what was thrown. */
  readonly problems: string[]
  /** Goes to a place under `/console` and waits until what it reads is there. */
  open(path: string): Promise<void>
  /** Keeps a picture of the page among the build's artefacts, and holds it against the rules of axe. */
  look(name: string): Promise<void>
  /**
   * Opens a dialog by Enter on what opens it, goes round in it, holds it against the rules of axe in both themes, and
   * leaves it by Escape: the focus stays in it meanwhile, and goes back to where it was.
   */
  byKeyboard(opener: Locator, dialog: Locator): Promise<void>
  /** Goes to a place without loading the page anew. */
  go(path: string): Promise<void>
  /** How far the page is wider than the window, in pixels. */
  overflow(): Promise<number>
  close(): Promise<void>
}

/** A Chromium. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
}

/** Opens a window on a served console. */
export async function openWindow(browser: Browser, { address }: Served, eyes: Eyes = {}): Promise<Window> {
  const { language = 'en', theme = 'light', width = 1280 } = eyes
  const context: BrowserContext = await browser.newContext({
    viewport: { width, height: width < 500 ? 844 : 800 },
    reducedMotion: 'reduce',
  })
  context.setDefaultTimeout(60_000)
  await context.addInitScript(
    (choices) => {
      for (const [name, value] of Object.entries(choices)) {
        if (localStorage.getItem(name) === null) localStorage.setItem(name, value)
      }
    },
    { 'reprise.language': language, 'reprise.theme': theme },
  )
  const page = await context.newPage()
  const problems: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  page.on('pageerror', (error) => problems.push(String(error)))
  return {
    page,
    problems,
    async open(path) {
      await page.goto(`${address}/console${path}`)
      await settle(page)
    },
    async look(name) {
      await settle(page)
      mkdirSync(shots, { recursive: true })
      await page.screenshot({ path: join(shots, `${name}-${language}-${theme}-${width}.png`) })
      expect(await violations(page)).toEqual([])
    },
    async byKeyboard(opener, dialog) {
      await opener.focus()
      await page.keyboard.press('Enter')
      await dialog.waitFor()
      const isInside = async (): Promise<boolean> =>
        dialog.evaluate((box) => box.contains(document.activeElement))
      for (const key of ['Tab', 'Shift+Tab']) {
        for (let press = 0; press < 12; press += 1) {
          await page.keyboard.press(key)
          expect(await isInside()).toBe(true)
        }
      }
      for (const each of ['light', 'dark'] as const) {
        await paint(page, each)
        expect([each, await violations(page)]).toEqual([each, []])
      }
      await paint(page, theme)
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'detached' })
      await expect.poll(() => opener.evaluate((one) => one === document.activeElement)).toBe(true)
    },
    async go(path) {
      await page.evaluate((place) => history.pushState(null, '', place), `/console${path}`)
      await settle(page)
    },
    overflow: () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
    close: () => context.close(),
  }
}

/** Waits until nothing is shown as loading. */
async function settle(page: Page): Promise<void> {
  await page.locator('main').waitFor()
  await page.waitForFunction(
    () => document.querySelector('[aria-label="Loading"], [aria-label="加载中"]') === null,
  )
}

/** Shows the page in a theme, and waits until it is drawn. */
async function paint(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await page.evaluate(async (name) => {
    document.documentElement.dataset['theme'] = name
    for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame)
  }, theme)
}

interface Violation {
  readonly id: string
  readonly impact: string
  readonly nodes: readonly { readonly html: string }[]
}

/** What axe finds serious or critical. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe)
  const found: readonly Violation[] = await page.evaluate(
    async () =>
      (await (globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }).axe.run())
        .violations,
  )
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
}

/** Who somebody is: a role, or `bound` for a viewer who is bound to the tenant `acme`. */
export type Person = 'viewer' | 'operator' | 'admin' | 'bound'

/** Puts a session in the window as if this person had logged in. */
export async function enterAs(window: Window, person: Person, token: string): Promise<void> {
  const session = {
    token,
    username: `the-${person}`,
    role: person === 'bound' ? 'viewer' : person,
    tenant: person === 'bound' ? 'acme' : null,
    expiresAt: Date.now() + 3_600_000,
    mustChangePassword: false,
  }
  await window.page
    .context()
    .addInitScript((text) => localStorage.setItem('reprise.session', text), JSON.stringify(session))
}

/** Logs in by the form. */
export async function logIn({ page }: Window, username: string, secret: string): Promise<void> {
  await page.locator('input[name=username]').fill(username)
  await page.locator('input[name=password]').fill(secret)
  await page.locator('button[type=submit]').click()
  await page.locator('nav a[aria-current=page]').first().waitFor()
}
