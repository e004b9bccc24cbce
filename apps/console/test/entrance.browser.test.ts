import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Served, type Window, logIn, openBrowser, openWindow, password, serve } from './console.ts'

let served: Served
let browser: Browser
let window: Window
beforeAll(async () => {
  ;[served, browser] = await Promise.all([serve(), openBrowser()])
})
afterAll(async () => {
  await browser.close()
  await served.stop()
})

test('the first login asks for a lasting password and leads to where one wanted to go', async () => {
  window = await openWindow(browser, served)
  const { page } = window
  await window.open('/spaces')
  await page.getByRole('heading', { name: 'Log in to Reprise' }).waitFor()
  await window.look('login')
  await page.getByLabel('User name').fill('admin')
  await page.getByLabel('Password').fill('not this one')
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByText('The user name or the password is wrong.').waitFor()

  await page.getByLabel('Password').fill(served.oneTimePassword ?? '')
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('heading', { name: 'Choose a password' }).waitFor()
  await page.getByLabel('New password', { exact: true }).fill('short')
  await page.getByRole('button', { name: 'Save the password' }).click()
  await page.getByText('It has fewer than 8 characters.').waitFor()
  await window.look('new-password')
  await page.getByLabel('New password', { exact: true }).fill(password)
  await page.getByLabel('New password once more').fill(`${password}!`)
  await page.getByRole('button', { name: 'Save the password' }).click()
  await page.getByText('The two are not the same.').waitFor()
  await page.getByLabel('New password once more').fill(password)
  await page.getByRole('button', { name: 'Save the password' }).click()

  await page.getByRole('heading', { name: 'Spaces', level: 1 }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/console/spaces')
  expect(window.problems).toEqual([
    'Failed to load resource: the server responded with a status of 401 (Unauthorized)',
  ])
})

test('a session that the service ends says so, and returns to where one was', async () => {
  const { page } = window
  await window.open('/settings')
  // Somebody changes the password elsewhere: the tokens issued before end.
  const token = await page.evaluate(
    () => (JSON.parse(localStorage.getItem('reprise.session') ?? '{}') as { token: string }).token,
  )
  const changed = await fetch(`${served.address}/api/auth/password`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ current_password: password, new_password: `${password} 2` }),
  })
  expect(changed.status).toBe(200)
  await page.getByRole('button', { name: 'Next page' }).click()
  await page.getByText('Your session has ended.', { exact: false }).waitFor()
  await window.look('session-ended')
  await logIn(window, 'admin', `${password} 2`)
  await page.getByRole('heading', { name: 'Cache management' }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/console/settings')
})

test('a token that is over is replaced, and nobody notices', async () => {
  const { page } = window
  const kept = () =>
    page.evaluate(() => JSON.parse(localStorage.getItem('reprise.session') ?? '{}') as Record<string, string>)
  const before = await kept()
  await page.evaluate(() => {
    const session = JSON.parse(localStorage.getItem('reprise.session') ?? '{}') as object
    localStorage.setItem('reprise.session', JSON.stringify({ ...session, token: 'a.b.c' }))
  })
  await window.open('/settings')
  await page.getByRole('heading', { name: 'Cache management' }).waitFor()
  await page.getByRole('button', { name: 'Next page' }).waitFor()
  const after = await kept()
  expect(after['token']).not.toBe('a.b.c')
  expect(after['refreshToken']).not.toBe(before['refreshToken'])
})

test('a logout in one window is one in every window', async () => {
  const { page } = window
  const other = await page.context().newPage()
  await other.goto(`${served.address}/console/`)
  await other.getByRole('heading', { name: 'Overview', level: 1 }).waitFor()
  await page.getByRole('button', { name: 'Account of admin' }).click()
  await page.getByRole('menuitem', { name: 'Log out' }).click()
  await page.getByText('You are logged out.').waitFor()
  await other.getByRole('heading', { name: 'Log in to Reprise' }).waitFor()
  expect(await page.evaluate(() => localStorage.getItem('reprise.session'))).toBeNull()
  await window.close()
})
