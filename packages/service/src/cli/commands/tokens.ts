import { ApiError } from '@reprise/api'
import { span } from '../amounts.ts'
import { defineCommand } from '../command.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import { table } from '../table.ts'

/** `reprise tokens`: access tokens, without the tokens. */
export const tokensCommand = defineCommand({
  usage: 'tokens [action] [channel] [app]',
  summary: 'Access tokens (never the tokens themselves): list, renew, drop',
  options: (parser) =>
    parser
      .positional('action', { choices: ['list', 'renew', 'drop'] as const, default: 'list' as const })
      .positional('channel', { type: 'string', describe: 'Such as wechat' })
      .positional('app', { type: 'string', describe: 'The id of the application there' })
      .check(({ action, channel, app }) => {
        if (action !== 'list' && (channel === undefined || app === undefined))
          throw new CommandError(`Say which token: tokens ${action} CHANNEL APP`, exitCodes.usage)
        return true
      }),
  run: async ({ action, channel = '', app = '' }, { withApi, confirm, print }) =>
    withApi(async ({ client }) => {
      const params = { channel, app_id: app }
      if (action === 'renew') {
        const token = await client.call('tokenRenew', { params })
        print(token, () => `${channel} ${app}: ${token.state}, ends ${token.expires_at ?? 'never'}\n`)
        return
      }
      if (action === 'drop') {
        await confirm(`Drop the token of ${channel} ${app}?`)
        const dropped = await client.call('tokenDrop', { params })
        print(dropped, () => (dropped.dropped ? 'dropped; the next call fetches one\n' : 'there was none\n'))
        return
      }
      const { items } = await client.call('tokenList').catch((error: unknown) => {
        // An application without tokens has no routes for them.
        if (error instanceof ApiError && error.status === 404) return { items: [] }
        throw error
      })
      print(items, () =>
        items.length === 0
          ? 'No token is kept or configured.\n'
          : table(
              [
                { title: 'CHANNEL', show: (token) => token.channel },
                { title: 'APP', show: (token) => token.app_id },
                { title: 'STATE', show: (token) => token.state },
                {
                  title: 'LEFT',
                  show: ({ seconds_left: left }) => (left === null ? null : span(left * 1_000)),
                  align: 'right',
                },
                { title: 'RENEWS', show: (token) => token.renews_at },
                { title: 'FETCHED', show: (token) => token.fetches, align: 'right' },
                { title: 'FAILED', show: (token) => token.failures, align: 'right' },
                { title: 'LAST ERROR', show: (token) => token.last_error?.message },
              ],
              items,
            ),
      )
    }),
})
