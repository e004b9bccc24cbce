import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { installReason, refuseNode } from './install.mjs'

/** @type {string} */
let folder
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reprise-install-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const library = { version: '1.0.0', integrity: 'sha512-a' }

/** @param {Record<string, object>} wanted @param {Record<string, object>} [installed] */
const plant = (wanted, installed) => {
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...wanted } }))
  if (installed === undefined) return
  mkdirSync(join(folder, 'node_modules'))
  writeFileSync(join(folder, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: installed }))
}

describe('installReason', () => {
  test('a fresh clone is a first run', () => {
    plant({ 'node_modules/a': library })
    expect(installReason(folder)).toBe('first run')
  })

  test('what the lock file asks for is there', () => {
    plant({ 'node_modules/a': library }, { 'node_modules/a': library })
    expect(installReason(folder)).toBeUndefined()
  })

  test('another version, another content or a missing package is a change', () => {
    plant({ 'node_modules/a': library }, { 'node_modules/a': { ...library, version: '1.0.1' } })
    expect(installReason(folder)).toBe('package-lock.json changed')
    plant({ 'node_modules/a': { ...library, integrity: 'sha512-b' }, 'node_modules/b': library })
    expect(installReason(folder)).toBe('package-lock.json changed')
  })

  test("other platforms' binaries are not demanded", () => {
    plant(
      { 'node_modules/a': library, 'node_modules/b': { ...library, optional: true } },
      { 'node_modules/a': library },
    )
    expect(installReason(folder)).toBeUndefined()
  })
})

describe('refuseNode', () => {
  test.each(['20.19.0', '20.20.2', '22.0.0', '24.11.1'])('%s runs Reprise', (version) => {
    expect(refuseNode(version)).toBeUndefined()
  })

  test.each(['18.20.4', '20.18.3', '16.0.0'])('%s is refused by name', (version) => {
    expect(refuseNode(version)).toContain(`this is Node ${version}`)
  })
})
