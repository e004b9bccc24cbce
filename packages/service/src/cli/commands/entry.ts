import type { DataOf, Routes } from '@reprise/api'
import { bytes, span } from '../amounts.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { facts, table } from '../table.ts'

type Explanation = DataOf<Routes['entryExplain']>

/** `reprise get`: one entry with its value. */
export const getCommand = defineCommand({
  usage: 'get <key>',
  summary: 'One entry: its value and where it comes from',
  options: (parser) =>
    parser
      .positional('key', {
        type: 'string',
        demandOption: true,
        describe: 'With or without the prefix of the catalog',
      })
      .option('value', { type: 'boolean', default: false, describe: 'The value alone, as JSON' }),
  run: async ({ key, value }, { withApi, io, print }) =>
    withApi(async ({ client }) => {
      const data = await client.call('entryRead', { query: { key } })
      if (value) io.out(`${JSON.stringify(data.value)}\n`)
      else print(data, () => `${describe(data)}\n${shown(data)}\n`)
    }),
})

function describe({ entry, explanation }: DataOf<Routes['entryRead']>): string {
  return facts([
    ['key', explanation.key],
    ['space', explanation.space],
    ['made', entry?.created_at],
    ['expires', entry?.expires_at ?? 'never'],
    ['tiers', entry?.tiers.join(', ')],
    ['size', entry === null ? null : bytes(entry.bytes)],
    ['made by', [entry?.model, entry?.strategy].filter((text) => typeof text === 'string').join(', ')],
    ['load took', entry === null ? null : span(entry.load_seconds * 1_000)],
    ['tags', entry?.tags.join(', ')],
    ['read', explanation.sentence],
  ])
}

function shown({ hidden, value }: DataOf<Routes['entryRead']>): string {
  return hidden ? '(the values of this space are secret)' : JSON.stringify(value, null, 2)
}

/** `reprise explain`: why a read is a hit or not. */
export const explainCommand = defineCommand({
  usage: 'explain <key>',
  summary: 'What each tier has for a key, and what a read would do now',
  options: (parser) => parser.positional('key', { type: 'string', demandOption: true, describe: 'A key' }),
  run: async ({ key }, { withApi, print }) =>
    withApi(async ({ client }) => {
      const data = await client.call('entryExplain', { query: { key } })
      print(data, () => explained(data))
    }),
})

function explained({ key, sentence, tiers, load, lease, failure }: Explanation): string {
  const rows = table(
    [
      { title: 'TIER', show: ({ tier }) => tier },
      { title: 'STATE', show: ({ state }) => state },
      {
        title: 'AGE',
        show: ({ age_seconds: age }) => (age === null ? null : span(age * 1_000)),
        align: 'right',
      },
      {
        title: 'LEFT',
        show: ({ state, left_seconds: left }) =>
          left === null ? (state === 'fresh' ? 'for ever' : null) : span(left * 1_000),
        align: 'right',
      },
      { title: 'INVALIDATED BY', show: ({ mark }) => mark },
    ],
    tiers,
  )
  const more = [
    ...(load === null ? [] : [`A load is under way since ${load.started_at}; ${load.callers} wait for it.`]),
    ...(lease === null
      ? []
      : [
          `${lease.own ? 'This process' : lease.holder || 'Another program'} may load it for ${span(lease.left_seconds * 1_000)}.`,
        ]),
    ...(failure === null ? [] : [`Its loader failed ${failure.attempts} times, last: ${failure.message}`]),
  ]
  return `${key}\n${sentence}\n\n${rows}${more.map((line) => `${line}\n`).join('')}`
}

/** `reprise delete`: removes one entry. */
export const deleteCommand = defineCommand({
  usage: 'delete <key>',
  summary: 'Remove one entry from every tier, in every process',
  options: (parser) => parser.positional('key', { type: 'string', demandOption: true, describe: 'A key' }),
  run: async ({ key }, { withApi, confirm, print }) =>
    withApi(async ({ client }) => {
      await confirm(`Delete ${key}?`)
      const data = await client.call('entryDelete', { query: { key } })
      print(data, () => (data.deleted ? `${data.key} is deleted\n` : `${data.key} was not there\n`))
      return data.deleted ? exitCodes.ok : exitCodes.absent
    }),
})
