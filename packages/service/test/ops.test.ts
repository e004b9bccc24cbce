/** What is in ops/ fits what the service really is. Containers are not started here: their shape is checked. */
import { existsSync, readFileSync } from 'node:fs'
import { createBackground, systemClock } from '@reprise/cache'
import { mapTier } from '@reprise/cache/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { settingsTable } from '../src/settings/settings-table.ts'
import { type TestService, quotes, startService } from './start-service.ts'

const file = (name: string): string => readFileSync(new URL(`../../../ops/${name}`, import.meta.url), 'utf8')

let running: TestService
let metrics: string
beforeAll(async () => {
  running = await startService({
    cache: { tiers: [mapTier({ clock: systemClock })] },
    service: { background: createBackground() },
  })
  const space = running.cache.open(quotes)
  await space.getOrLoad({ market: 'sh', symbol: 1 }, () => ({ price: 1 }))
  await space.get({ market: 'sh', symbol: 1 })
  for (let n = 0; n < 200; n += 1) await running.service.app.inject(`/nowhere/${n}?user=${n}`)
  metrics = (await running.service.app.inject('/metrics')).body
})
afterAll(async () => running.stop())

/** Names of metrics with their types, as the service tells them. */
function told(): Map<string, string> {
  return new Map(
    [...metrics.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]),
  )
}

test('metrics are named as Prometheus asks: base units, counters in _total, and few series', () => {
  const own = [...told()].filter(([name]) => name.startsWith('reprise_'))
  expect(own.length).toBeGreaterThan(20)
  for (const [name, type] of own) {
    expect(name).toMatch(/^reprise_[a-z]+(_[a-z]+)+$/)
    expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter'])
    expect(name).not.toMatch(/_(ms|milliseconds?|minutes?|hours?|kb|mb|kib|mib|percent)(_|$)/)
    expect(metrics).toMatch(new RegExp(`^# HELP ${name} \\S`, 'm'))
    if (type === 'histogram') expect(name).toMatch(/_(seconds|bytes)$/)
  }
  const series = metrics.split('\n').filter((line) => line.startsWith('reprise_')).length
  expect(series).toBeLessThan(150)
  expect(metrics).not.toContain('nowhere')
})

interface Panel {
  readonly title: string
  readonly targets: readonly { readonly expr: string }[]
}

test('every query of the dashboard is about metrics and labels that the service tells', () => {
  const { panels } = JSON.parse(file('grafana-dashboard.json')) as { panels: Panel[] }
  const names = told()
  const shared = new Set(['le', 'instance'])
  const queries = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))
  expect(queries.length).toBeGreaterThan(12)
  for (const query of queries) {
    const asked = query.match(/\b(?:reprise|process|nodejs)_\w+/g) ?? []
    expect(asked).not.toEqual([])
    for (const name of asked) {
      const base = name.replace(/_(bucket|count|sum)$/, '')
      expect([...names.keys()]).toContain(names.has(name) ? name : base)
      // What counts is asked for as a rate, what is there as it is.
      if (names.get(name) === 'counter') expect(query).toMatch(new RegExp(`(rate|increase)\\(${name}`))
    }
    const labels = [...query.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/, */))
    for (const label of labels.filter((one) => !shared.has(one)))
      expect(`${metrics} rule="`).toContain(`${label}="`)
  }
})

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly image?: string
        readonly command?: readonly string[]
        readonly build?: { readonly dockerfile: string; readonly context: string }
        readonly environment?: Readonly<Record<string, string>>
        readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
        readonly healthcheck?: object
        readonly ports?: readonly string[]
        readonly volumes?: readonly string[]
      }
    >
  >
  readonly volumes: Readonly<Record<string, unknown>>
}

test('the composition has Redis, PostgreSQL, a server and a worker, with settings that there are', () => {
  const compose = parse(file('compose.yaml'), { merge: true }) as Compose
  const { redis, postgres, server, worker } = compose.services
  expect(Object.keys(compose.services)).toEqual(['redis', 'postgres', 'server', 'worker'])
  for (const one of [redis, postgres, server, worker]) expect(one?.healthcheck).toBeDefined()
  // What `reprise doctor` asks for.
  expect(redis?.command?.join(' ')).toContain('--maxmemory-policy noeviction')
  expect(server?.environment?.['DATABASE_URL']).toContain('//reprise:')
  expect(postgres?.environment).not.toHaveProperty('POSTGRES_USER')
  const known = new Set(Object.values(settingsTable).flatMap((row) => ('env' in row ? [row.env] : [])))
  for (const one of [server, worker]) {
    expect(one?.build).toEqual({ context: '..', dockerfile: 'ops/Dockerfile' })
    expect(one?.depends_on).toEqual({
      redis: { condition: 'service_healthy' },
      postgres: { condition: 'service_healthy' },
    })
    for (const name of Object.keys(one?.environment ?? {})) expect([...known]).toContain(name)
    // No secret has a default.
    for (const value of Object.values(one?.environment ?? {})) expect(value).not.toMatch(/\$\{\w+:-/)
  }
  expect(server?.environment).toEqual(worker?.environment)
  expect(server?.ports).toEqual(['127.0.0.1:8321:8321'])
  expect(worker?.ports).toBeUndefined()
  const mounted = Object.values(compose.services).flatMap(({ volumes = [] }) =>
    volumes.map((one) => one.split(':')[0] ?? ''),
  )
  const [files, used] = [true, false].map((isFile) => mounted.filter((one) => one.startsWith('.') === isFile))
  expect(new Set(used)).toEqual(new Set(Object.keys(compose.volumes)))
  expect(files).toEqual(['./postgres-role.sh'])
  expect(file('postgres-role.sh')).toContain('create database reprise owner reprise')
})

test('the image runs a file that the build makes', () => {
  const [, main = ''] = /CMD \["node", "([^"]+)"\]/.exec(file('Dockerfile')) ?? []
  const source = main.replace('/dist/', '/src/').replace(/\.js$/, '.ts')
  expect(existsSync(new URL(`../../../${source}`, import.meta.url))).toBe(true)
})
