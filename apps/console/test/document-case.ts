import { createClient } from '@reprise/api'
import { expect, test } from 'vitest'
import type { Eyes, Person, Served, Window } from './console.ts'

/** The test of the application's documents, of which none has a version yet. */
export function documentTest(
  served: () => Served,
  enter: (person: Person, eyes?: Eyes) => Promise<Window>,
): void {
  test('the versions of a document are compared, and an older one is put back by a task', async () => {
    const { page, open, look, byKeyboard, problems } = await enter('admin')
    const { address, tokens } = served()
    const client = createClient({ baseUrl: address, token: tokens['admin'] ?? '' })
    await open('/settings/documents')
    await page.getByText('This document has no version yet').waitFor()
    for (const level of [4, 5]) {
      const document = { models: [{ name: 'm', provider: 'p', level }] }
      const input = { name: 'model-catalogue', document }
      await client.call('taskSubmit', { body: { kind: 'config-apply', input } })
      await page.getByRole('row', { name: new RegExp(`^${level - 3} in use`) }).waitFor()
    }
    const old = page.getByRole('row', { name: /^1 / })
    const dialog = page.getByRole('dialog', { name: 'Versions side by side' })
    await byKeyboard(old, dialog)
    await old.click()
    await expect.poll(() => dialog.locator('tbody tr').allTextContents()).toEqual(['models.0.level45'])
    await look('document-versions')
    await dialog.getByRole('button', { name: 'Roll back to 1' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Roll back to 1' }).click()
    await page.getByRole('row', { name: /^3 in use/ }).waitFor()
    const { version, document } = await client.call('documentVersion', { query: { name: 'model-catalogue' } })
    expect([version, document]).toMatchObject([3, { models: [{ level: 4 }] }])
    expect(problems).toEqual([])
    // Who may not have it done is not offered it.
    const operator = await enter('operator', { language: 'zh-CN', theme: 'dark', width: 390 })
    await operator.open('/settings/documents?version=1')
    await operator.page.getByRole('dialog', { name: '版本对比' }).getByText('两者相同。').waitFor()
    expect(await operator.page.getByRole('button', { name: /^回滚到/ }).count()).toBe(0)
    await operator.look('document-versions')
    expect(operator.problems).toEqual([])
  })
}
