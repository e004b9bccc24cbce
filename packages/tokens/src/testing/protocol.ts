import type { TokenState } from './issuer.ts'

/** A request as protocols read it. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string | undefined>>
  /** The parsed body of JSON or of a form; empty where there was none. */
  readonly body: Readonly<Record<string, unknown>>
}

/** What a protocol makes of a request. */
export type Read =
  /** A fetch of a token: who asks, with what. */
  | {
      readonly kind: 'fetch'
      readonly id: string
      readonly secret: string
      readonly stable?: boolean
      readonly force?: boolean
    }
  /** Use of a token. */
  | { readonly kind: 'use'; readonly token: string }

/** A reply of a platform. */
export interface Answered {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: unknown
}

/** Why there is no token. */
export type Denial = 'id' | 'secret' | 'limit' | 'busy'

/** How one platform speaks. */
export interface Protocol {
  /** What is asked; undefined for what the platform does not know. */
  read(asked: Asked): Read | undefined
  issued(token: { readonly value: string; readonly expiresIn: number }, asked: Asked): Answered
  denied(why: Denial, asked: Asked): Answered
  /** Its answer to the use of a token. */
  used(state: TokenState, asked: Asked): Answered
}

/** A text of a body or query; '' where there is none. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** An answer of the platforms that always say 200, and name failures in `errcode`. */
export const errcode = (code: number, errmsg: string): Answered => ({ body: { errcode: code, errmsg } })
