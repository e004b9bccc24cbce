import { expect, test } from 'vitest'

import { root } from './root.mjs'
import { inDependencyOrder, readWorkspaces } from './workspaces.mjs'

/** @param {string} name @param {string[]} dependencies */
const workspace = (name, ...dependencies) => ({
  path: `packages/${name}`,
  name,
  private: false,
  hasSources: true,
  entries: ['.'],
  dependencies: new Set(dependencies),
  devDependencies: new Set(),
})

test('each workspace comes after those it depends on', () => {
  const order = inDependencyOrder([workspace('a', 'c', 'zod'), workspace('b'), workspace('c', 'b')])
  expect(order.map(({ name }) => name)).toEqual(['b', 'c', 'a'])
})

test('a circle is refused by its names', () => {
  expect(() => inDependencyOrder([workspace('a', 'b'), workspace('b', 'a')])).toThrow('a -> b -> a')
})

test('the workspaces of this repository are read from their package.json', () => {
  const cache = readWorkspaces(root).find(({ name }) => name === '@reprise/cache')
  expect(cache).toMatchObject({ path: 'packages/cache', private: false, hasSources: true })
  expect(cache?.entries).toContain('./sql')
})
