import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { openResults } from '@reprise/results'
import { embedded, newSite, rig, start } from './rig.ts'

const day = 86_400_000

describe('a written result', () => {
  test('comes back as it was, with its instants in ISO, until it ends', async () => {
    const { results, site, clock } = await rig()
    const here = results.forSite(site)
    const value = { text: '\u{1F3B1} "八号球"\\', list: [0, '', null, {}], z: 1, a: 2 }
    const written = await here.write('app3_clue', 'member-1', value, {
      score: 0.7,
      tags: ['nightly'],
      triggeredBy: 'ai_consumption_settled',
      derivation: {
        model: 'qwen-max',
        strategy: 'premium',
        rank: 2,
        cost: 0.031,
        promptVersion: 'v7',
        inputsDigest: 'sha256:1',
        sources: ['document-1'],
        tokens: { input: 1200, output: 340 },
      },
    })
    const found = await here.getLatest('app3_clue', 'member-1')
    expect(found).toEqual(written)
    expect(found).toMatchObject({
      site,
      status: 'valid',
      value,
      score: 0.7,
      createdAt: new Date(start).toISOString(),
      finishedAt: new Date(start).toISOString(),
      expiresAt: new Date(start + 7 * day).toISOString(),
      derivation: {
        model: 'qwen-max',
        rank: 2,
        cost: 0.031,
        sources: ['document-1'],
        tokens: { input: 1200, output: 340 },
      },
    })
    await clock.advance(7 * day - 1)
    expect(await here.getLatest('app3_clue', 'member-1')).not.toBeNull()
    await clock.advance(1)
    expect(await here.getLatest('app3_clue', 'member-1')).toBeNull()
  })
})
