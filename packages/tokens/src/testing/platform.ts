import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Clock, systemClock } from '@reprise/cache'
import { dingtalkProtocol } from './dingtalk.ts'
import { type IssueRule, type Issuer, createIssuer } from './issuer.ts'
import { oauthProtocol } from './oauth.ts'
import type { Answered, Asked, Protocol } from './protocol.ts'
import { readRequest } from './request.ts'
import { wechatProtocol } from './wechat.ts'
import { wecomProtocol } from './wecom.ts'

/** A platform that the stand-in can be. */
export type PlatformName = 'wechat' | 'wecom' | 'dingtalk' | 'oauth'

const protocols: Readonly<Record<PlatformName, Protocol>> = {
  wechat: wechatProtocol,
  wecom: wecomProtocol,
  dingtalk: dingtalkProtocol,
  oauth: oauthProtocol,
}
const rules: Readonly<Record<PlatformName, IssueRule>> = {
  wechat: 'rolls',
  wecom: 'keeps',
  dingtalk: 'extends',
  oauth: 'apart',
}

/** How fetches go wrong: busy or limited as the platform says it, an HTTP status without JSON, no answer, or a cut connection. */
export type Misbehaviour =
  | 'busy'
  | 'limit'
  | 'hang'
  | 'cut'
  | { readonly status: number; readonly text?: string }

/** An application that is known to a platform. */
export interface StandInApp {
  readonly platform: PlatformName
  readonly id: string
  readonly secret: string
  /** Life of its tokens in seconds. @default that of the platform */
  readonly life?: number
}

/** An application as tests see it from the platform's side. */
export interface AppView extends Pick<Issuer, 'state' | 'revoke' | 'last' | 'issued'> {
  /** Fetches that reached the platform, successful or not, with their instants. */
  readonly fetches: readonly number[]
}

/** Options of the stand-in. */
export interface StandInOptions {
  /** What the lives of tokens and delays are measured with. @default the machine's clock */
  readonly clock?: Clock
  /** Life of tokens in seconds. @default 7200 */
  readonly life?: number
  /** How long the token before stays good after a fetch at WeChat, in seconds. @default 300 */
  readonly overlap?: number
}

/** WeChat, WeCom, DingTalk and an authorization server on loopback, for tests and demonstrations. */
export interface StandInPlatform {
  /** What a provider takes as `baseUrl`; for `oauth`, add `/token` for the `tokenUrl`. */
  address(platform: PlatformName): string
  /** Makes an application known, and gives the platform's view of it. */
  register(app: StandInApp): AppView
  /** Fetches that reached it, of all applications. */
  readonly fetches: number
  /** Every token that it has given. */
  readonly issued: readonly string[]
  /** From now on fetches go wrong, `times` times or until `heal()`. Use of tokens goes on. */
  misbehave(how: Misbehaviour, times?: number): void
  /** From now on answers to fetches take so many milliseconds. */
  delay(milliseconds: number): void
  /** From now on an application may fetch so many times a minute. */
  limit(perMinute: number): void
  /** Ends `misbehave`, `delay` and `limit`. */
  heal(): void
  close(): Promise<void>
}

interface KnownApp {
  readonly view: AppView
  readonly plain: Issuer
  readonly stable: Issuer
  readonly fetches: number[]
  readonly secret: string
}

/** Starts a stand-in on a free port of 127.0.0.1. */
export async function startStandIn(options: StandInOptions = {}): Promise<StandInPlatform> {
  const { clock = systemClock, life = 7_200, overlap = 300 } = options
  const apps = new Map<string, KnownApp[]>()
  const issued: string[] = []
  let wrong: { how: Misbehaviour; left: number } | undefined
  let slow = 0
  let perMinute = Infinity
  let fetches = 0

  const appOf = (platform: PlatformName, id: string, secret: string): KnownApp | 'id' | 'secret' => {
    const named = apps.get(`${platform} ${id}`) ?? []
    return named.find((app) => app.secret === secret) ?? (named.length === 0 ? 'id' : 'secret')
  }

  async function fetchToken(
    platform: PlatformName,
    asked: Asked,
    read: { id: string; secret: string; stable?: boolean; force?: boolean },
  ): Promise<Answered | 'cut' | 'hang'> {
    const protocol = protocols[platform]
    fetches += 1
    const app = appOf(platform, read.id, read.secret)
    if (typeof app !== 'string') app.fetches.push(clock.now())
    const how = wrong !== undefined && wrong.left > 0 ? wrong.how : undefined
    if (wrong !== undefined) wrong.left -= 1
    if (slow > 0) await new Promise<void>((resolve) => void clock.setTimeout(resolve, slow))
    if (how === 'hang' || how === 'cut') return how
    if (how === 'busy' || how === 'limit') return protocol.denied(how, asked)
    if (how !== undefined) return { status: how.status, body: how.text ?? '<html>502</html>' }
    if (typeof app === 'string') return protocol.denied(app, asked)
    const lately = app.fetches.filter((at) => at > clock.now() - 60_000).length
    if (lately > perMinute) return protocol.denied('limit', asked)
    const token = (read.stable === true ? app.stable : app.plain).issue({ force: read.force === true })
    if (!issued.includes(token.value)) issued.push(token.value)
    return protocol.issued(token, asked)
  }

  function use(platform: PlatformName, token: string): ReturnType<Issuer['state']> {
    for (const [name, known] of apps) {
      if (!name.startsWith(`${platform} `)) continue
      for (const { view } of known) if (view.state(token) !== 'unknown') return view.state(token)
    }
    return 'unknown'
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { platform, asked } = await readRequest(request)
    const protocol = Object.hasOwn(protocols, platform) ? protocols[platform as PlatformName] : undefined
    const read = protocol?.read(asked)
    if (protocol === undefined || read === undefined) return send(response, { status: 404, body: {} })
    const name = platform as PlatformName
    if (read.kind === 'use') return send(response, protocol.used(use(name, read.token), asked))
    const reply = await fetchToken(name, asked, read)
    if (reply === 'cut') request.socket.destroy()
    else if (reply !== 'hang') send(response, reply)
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => request.socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  return {
    address: (platform) => `http://127.0.0.1:${port}/${platform}`,
    register({ platform, id, secret, life: own = life }) {
      const make = (rule: IssueRule): Issuer =>
        createIssuer({ rule, life: own, overlap, now: () => clock.now() })
      const plain = make(rules[platform])
      const stable = make('stable')
      const times: number[] = []
      const view: AppView = {
        fetches: times,
        state: (value) => (plain.state(value) === 'unknown' ? stable.state(value) : plain.state(value)),
        revoke() {
          plain.revoke()
          stable.revoke()
        },
        get last() {
          return plain.last ?? stable.last
        },
        get issued() {
          return [...plain.issued, ...stable.issued]
        },
      }
      const key = `${platform} ${id}`
      apps.set(key, [...(apps.get(key) ?? []), { view, plain, stable, fetches: times, secret }])
      return view
    },
    get fetches() {
      return fetches
    },
    issued,
    misbehave: (how, times = Infinity) => void (wrong = { how, left: times }),
    delay: (milliseconds) => void (slow = milliseconds),
    limit: (most) => void (perMinute = most),
    heal() {
      wrong = undefined
      slow = 0
      perMinute = Infinity
    },
    close: async () => closeServer(server),
  }
}

function send(response: ServerResponse, { status = 200, headers = {}, body }: Answered): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const type = typeof body === 'string' ? 'text/html' : 'application/json; charset=utf-8'
  response.writeHead(status, { 'content-type': type, ...headers }).end(text)
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()))
  server.closeAllConnections()
  await closed
}
