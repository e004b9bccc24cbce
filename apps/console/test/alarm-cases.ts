import { expect, test } from 'vitest'
import type { Eyes, Person, Window } from './console.ts'

/** The tests of alarms, where one is on, one was, and a webhook has `told` the bodies it was sent. */
export function alarmTests(
  enter: (person: Person, eyes: Eyes) => Promise<Window>,
  told: readonly string[],
): void {
  test.each([
    ['zh-CN', 'viewer', '当前告警', '历史告警', '告警规则', '进程内存占比', '失效日志延迟', '已送达', '知悉'],
    [
      'en',
      'operator',
      'Alarms that are on',
      'Alarms that were on',
      'What alarms watch',
      'Memory of a process',
      'Lag behind the log',
      'told',
      'I know',
    ],
  ] as const)(
    'in %s an alarm is told of before anything else, with what is watched and what was',
    async (language, role, on, past, rules, memory, lag, delivered, acknowledge) => {
      const { page, open, look, problems } = await enter(role, { language, theme: 'dark' })
      await open('/')
      const alarms = page.getByRole('main').getByRole('region', { name: on }).first()
      await alarms.getByText(memory).waitFor()
      await alarms.getByText(delivered, { exact: true }).waitFor()
      expect(told.some((body) => body.includes('"memory_share"'))).toBe(true)
      const row = page.getByRole('region', { name: rules }).getByRole('row').filter({ hasText: memory })
      await row.first().waitFor()
      expect(await row.first().textContent()).toMatch(/ \d\.\d%/)
      const was = page.getByRole('region', { name: past }).getByRole('row').filter({ hasText: lag }).first()
      expect(await was.textContent()).toContain('the-operator')
      await look('alarms')
      // A viewer sees that it is on; to know of it is for who operates.
      const button = alarms.getByRole('button', { name: acknowledge })
      expect(await button.count()).toBe(role === 'viewer' ? 0 : 1)
      if (role === 'operator') {
        await button.click()
        await alarms.getByText('the-operator').waitFor()
      }
      expect(problems).toEqual([])
    },
  )
}
