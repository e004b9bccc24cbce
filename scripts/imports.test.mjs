import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { checkImports } from './imports.mjs'
import { importsIn } from './source-files.mjs'

/** @type {string} */
let folder

/** @param {Record<string, string>} files texts by path */
const plant = (files) => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

/** The refusals of the planted house and what `files` adds to it. @param {Record<string, string>} files */
const refusals = (files) => {
  plant(files)
  return checkImports(folder).refusals
}

const manifest = (/** @type {string} */ name, /** @type {object} */ rest) => JSON.stringify({ name, ...rest })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reprise-imports-'))
  plant({
    'package.json': manifest('house', { devDependencies: { vitest: '4' } }),
    'packages/api/package.json': manifest('@reprise/api', { dependencies: { '@reprise/cache': '1' } }),
    'packages/cache/package.json': manifest('@reprise/cache', { dependencies: { '@date-fns/tz': '1' } }),
    'packages/service/package.json': manifest('@reprise/service', {
      dependencies: { '@reprise/api': '1', '@reprise/cache': '1' },
    }),
    'packages/cache/src/index.ts': "export { read } from './read/read.ts'\n",
    'packages/cache/src/entry.ts': "import { tz } from '@date-fns/tz'\nexport const entry = tz\n",
    'packages/cache/src/read/read.ts': "import { entry } from '../entry.ts'\nexport const read = entry\n",
    'packages/cache/src/sql/tier.ts': "import { entry } from '../entry.ts'\nexport const tier = entry\n",
    'packages/service/src/serve.ts': "import { read } from '@reprise/cache/sql'\nexport const serve = read\n",
    'packages/cache/test/read.test.ts':
      "import { test } from 'vitest'\nimport { read } from '../src/index.ts'\n",
  })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a house in order is not refused, and its median leaves tests out', () => {
  plant({ 'packages/cache/test/long.test.ts': 'test()\n'.repeat(299) })
  expect(checkImports(folder)).toEqual({ refusals: [], files: 7, median: 2 })
})

describe('refuses, by file and line,', () => {
  test.each([
    ['a direction', "\nimport type { Read } from '@reprise/cache'\n", 'api.ts:2 imports @reprise/cache, but'],
    [
      'a direction in import()',
      "\nconst x = await import('@reprise/cache')\n",
      'api.ts:2 imports @reprise/cache',
    ],
    [
      'another package by path',
      "export * from '../../cache/src/read/read.ts'\n",
      'which is outside of packages/api',
    ],
    ['an undeclared package', "import fastify from 'fastify/plugin'\n", 'api/package.json does not declare'],
    ['a development dependency', "import { test } from 'vitest'\n", 'api.ts:1 imports vitest, which'],
    [
      'a builtin without node:',
      "import {\n  join\n} from 'path'\n",
      "api.ts:3 imports 'path'; write 'node:path'",
    ],
    ['its own name', "import '@reprise/api'\n", 'the index of its own package'],
    ['its own index', "import { a } from './index.ts'\n", 'the index of its own package'],
    ['301 lines', 'x\n'.repeat(301), 'has 301 lines; the ceiling is 300'],
  ])('%s', (_, text, message) => {
    expect(refusals({ 'packages/api/src/api.ts': text })).toContainEqual(expect.stringContaining(message))
  })

  test('an undeclared package in a test', () => {
    const found = refusals({
      'packages/api/test/a.test.ts': "import { test } from 'vitest'\nimport pg from 'pg'\n",
    })
    expect(found).toEqual([
      'packages/api/test/a.test.ts:2 imports pg, which packages/api/package.json does not declare',
    ])
  })

  test('names for a kind of code', () => {
    const found = refusals({ 'packages/api/src/utils/a.ts': '', 'packages/api/src/types.ts': '' })
    expect(found).toHaveLength(2)
  })

  test('a cycle, type imports counted, told once', () => {
    const found = refusals({
      'packages/api/src/a.ts': "import type { B } from './b.ts'\n",
      'packages/api/src/b.ts': "export { c } from './c.ts'\n",
      'packages/api/src/c.ts': "type A = import('./a.ts').A\n",
    })
    expect(found).toEqual([
      'import cycle: packages/api/src/a.ts -> packages/api/src/b.ts -> packages/api/src/c.ts -> packages/api/src/a.ts',
    ])
  })
})

describe('inside the engine refuses', () => {
  test.each([
    ['a room that imports a tier', 'write/write.ts', "import { tier } from '../sql/tier.ts'\n", 'must not'],
    [
      'a root file that imports testing/',
      'write.ts',
      "import './testing/clock.ts'\n",
      'a root file must not',
    ],
    [
      'a tier that imports the upper level',
      'redis/tier.ts',
      "import '../read/read.ts'\n",
      'redis/ must not reach it',
    ],
    [
      'a tier that reaches it through a file',
      'redis/tier.ts',
      "import '../via.ts'\n",
      'via.ts -> packages/cache',
    ],
    [
      'a tier that imports another tier',
      'redis/tier.ts',
      "import '../sql/tier.ts'\n",
      'redis/ must not reach it',
    ],
  ])('%s', (_, path, text, message) => {
    const found = refusals({
      'packages/cache/src/via.ts': "import { read } from './read/read.ts'\n",
      'packages/cache/src/testing/clock.ts': '',
      [`packages/cache/src/${path}`]: text,
    })
    expect(found).toEqual([expect.stringContaining(message)])
  })

  test('but testing/ may import everything', () => {
    const text = "import '../read/read.ts'\nimport '../sql/tier.ts'\n"
    expect(refusals({ 'packages/cache/src/testing/suite.ts': text })).toEqual([])
  })
})

test('imports are found in every form, and not in comments or after other statements', () => {
  const text = `import a, { b } from 'one'
import 'two'
import {
  c,
} from 'three'
export * as d from 'four'
export type { E } from 'five'
export const f = 1
// import('not')
const g: typeof import('six') = await import('seven')
`
  expect(importsIn(text).map(({ specifier, line }) => `${line} ${specifier}`)).toEqual([
    '1 one',
    '2 two',
    '5 three',
    '6 four',
    '7 five',
    '10 six',
    '10 seven',
  ])
})
