import { expect, test } from 'vitest'
import type { Window } from './console.ts'

/** Every page, and every part of one. */
const places = [
  '/',
  '/spaces',
  '/spaces/intent_config',
  '/entries',
  '/sessions',
  '/sessions?session=coached&site=u1&scene=1',
  '/sessions/conversations',
  '/assistant',
  '/invalidations',
  '/tasks',
  '/operations',
  '/settings',
  '/settings/users',
  '/settings/versions',
  '/settings/configuration',
]

/** The test that every page of a window that is logged in fits on a phone, in the dark too. */
export function phoneTest(opened: () => Window): void {
  test('on a phone every page fits, in the dark too', async () => {
    const { page, go, overflow } = opened()
    await page.setViewportSize({ width: 390, height: 844 })
    await page.evaluate(() => (document.documentElement.dataset['theme'] = 'dark'))
    for (const path of places) {
      await go(path)
      expect([path, await overflow()]).toEqual([path, 0])
    }
  })
}
