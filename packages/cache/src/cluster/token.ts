import { randomUUID } from 'node:crypto'

/** Between the name of an attempt and that of its process. */
const sign = '~'

/** A name for one attempt to get a lease, which also tells the process that makes it. Scripts read it: see acquire.lua. */
export function newToken(process: string): string {
  return `${randomUUID()}${sign}${process}`
}

/** The line of values that an attempt begins: its name without the process, since it is stored with each value. */
export function lineOfToken(token: string): string {
  const at = token.indexOf(sign)
  return at < 0 ? token : token.slice(0, at)
}

/** The process that a token tells; '' where it tells none. */
export function holderOf(token: string): string {
  const at = token.indexOf(sign)
  return at < 0 ? '' : token.slice(at + sign.length)
}
