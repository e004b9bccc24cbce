/**
 * The `entry` format, read on every hit below memory: fixed fields first, so that a reader parses no header and a
 * script finds the version with two calls.
 *
 * | at | what |
 * | --- | --- |
 * | 0 | `R`, `P`, format version, flags: what the codec did to the payload |
 * | 4 | where the payload begins, 4 bytes, big endian like all numbers here |
 * | 8 | creation, end of fresh life, load time, position in the log: four doubles |
 * | 40 | lengths of version, line of values, era: one byte each; one byte 0 |
 * | 44 | length of the key in bytes, 4 bytes |
 * | 48 | version, line, era in ASCII; key in UTF-8; tags and provenance as JSON, nothing where there are none |
 *
 * The payload is JSON, packed and sealed where the flags say so; a sealed one is bound to all that stands before it.
 * The frame repeats its key, so that one that a mixed-up store returns for another key is a miss; a frame with an
 * unknown flag or version is unreadable.
 */
import { type Codec, areFlagsKnown } from '../codec/codec.ts'
import { type Entry, type Position, type Provenance, noProvenance } from './entry.ts'
import type { Header } from './header.ts'

const formatVersion = 2
const prelude = 48
const noTags: readonly string[] = Object.freeze([])

function ascii(text: string): string {
  if (text.length < 256 && /^[\x20-\x7e]*$/.test(text)) return text
  throw new TypeError(
    `"${text.slice(0, 40)}" is no name of a version, line or era: 255 ASCII characters at most`,
  )
}

/** The frame of a header and the JSON text of a value. */
export function encodeFrame(header: Header, payload: string, codec: Codec): Uint8Array {
  const stored = codec.encode(payload, (flags) => encodeHead(header, { flags, room: 0 }))
  if (stored !== undefined) return Buffer.concat(stored)
  const frame = encodeHead(header, { flags: 0, room: Buffer.byteLength(payload) })
  frame.write(payload, frame.readUInt32BE(4))
  return frame
}

/** All before the payload, and room for so many bytes of it. */
function encodeHead(header: Header, { flags, room }: { flags: number; room: number }): Buffer {
  const { v, g = '', k, c, f, a, t, m, l } = header
  const [era, n] = a
  const names = ascii(v) + ascii(g) + ascii(era)
  const keyLength = Buffer.byteLength(k)
  const rest = t.length === 0 && Object.keys(m).length === 0 ? '' : JSON.stringify({ t, m })
  const start = prelude + names.length + keyLength + Buffer.byteLength(rest)
  const frame = Buffer.allocUnsafe(start + room)
  frame.writeUInt32BE(0x52500000 + formatVersion * 256 + flags, 0)
  frame.writeUInt32BE(start, 4)
  frame.writeDoubleBE(c, 8)
  frame.writeDoubleBE(f ?? Infinity, 16)
  frame.writeDoubleBE(l, 24)
  frame.writeDoubleBE(n, 32)
  frame[40] = v.length
  frame[41] = g.length
  frame[42] = era.length
  frame[43] = 0
  frame.writeUInt32BE(keyLength, 44)
  frame.write(names, prelude, 'latin1')
  frame.write(k + rest, prelude + names.length)
  return frame
}

function asBuffer(body: Uint8Array): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength)
}

/** Where the payload begins, or why the frame cannot be read. */
function startOf(frame: Buffer): number | string {
  if (frame.length < prelude || frame[0] !== 0x52 || frame[1] !== 0x50) return 'not a frame'
  if (frame[2] !== formatVersion) return `frame version ${frame[2]} is not known here`
  if (!areFlagsKnown(frame[3] as number)) return `frame flags ${frame[3]} are not known here`
  const start = frame.readUInt32BE(4)
  if (start > frame.length) return 'the frame is cut off'
  const least = prelude + (frame[40] as number) + (frame[41] as number) + (frame[42] as number)
  return least + frame.readUInt32BE(44) > start ? 'the frame has no sound header' : start
}

function isRest(rest: unknown): rest is { t: readonly string[]; m: Provenance } {
  if (typeof rest !== 'object' || rest === null) return false
  const { t, m } = rest as { t?: unknown; m?: unknown }
  return Array.isArray(t) && t.every((tag) => typeof tag === 'string') && typeof m === 'object' && m !== null
}

/** The entry in a frame, its times `offset` milliseconds earlier than stored, or why it cannot be read. */
export function decodeFrame(
  key: string,
  body: Uint8Array,
  { now, offset, codec }: { readonly now: Position; readonly offset: number; readonly codec: Codec },
): Entry | string {
  const frame = asBuffer(body)
  const start = startOf(frame)
  if (typeof start === 'string') return start
  const versionEnd = prelude + (frame[40] as number)
  const eraStart = versionEnd + (frame[41] as number)
  const keyStart = eraStart + (frame[42] as number)
  const keyEnd = keyStart + frame.readUInt32BE(44)
  // One text of version, line, era and key: most keys are ASCII, and each reading of a text is a call out of V8.
  const names = frame.toString('latin1', prelude, keyEnd)
  const isOwn =
    keyEnd - keyStart === key.length && names.endsWith(key)
      ? true
      : frame.toString('utf8', keyStart, keyEnd) === key
  if (!isOwn) return 'the frame belongs to another key'
  let tags = noTags
  let meta = noProvenance
  let value: unknown
  let bytes = body.length
  try {
    if (keyEnd < start) {
      const rest: unknown = JSON.parse(frame.toString('utf8', keyEnd, start))
      if (!isRest(rest)) return 'the frame has no sound header'
      tags = rest.t
      meta = rest.m
    }
    if (frame[3] === 0 && codec.takesPlain) {
      value = JSON.parse(frame.toString('utf8', start))
    } else {
      const payload = codec.decode(frame[3] as number, frame.subarray(start), frame.subarray(0, start))
      if (typeof payload === 'string') return payload
      bytes = start + payload.length
      value = JSON.parse(asBuffer(payload).toString())
    }
  } catch {
    return 'the frame does not hold JSON'
  }
  // Nearly all entries are of the present era, and share its name.
  const isPresent = keyStart - eraStart === now.era.length && names.startsWith(now.era, eraStart - prelude)
  const era = isPresent ? now.era : frame.toString('latin1', eraStart, keyStart)
  return {
    value,
    createdAt: frame.readDoubleBE(8) - offset,
    freshUntil: frame.readDoubleBE(16) - offset,
    asOf: { era, n: frame.readDoubleBE(32) },
    tags,
    meta,
    loadTime: frame.readDoubleBE(24),
    version: frame.toString('latin1', prelude, versionEnd),
    bytes,
  }
}

/** The version and the line of values of a frame, as a script of the store reads them; undefined where it is none. */
export function frameNames(
  body: Uint8Array,
): { readonly version: string; readonly line: string } | undefined {
  const frame = asBuffer(body)
  if (typeof startOf(frame) === 'string') return undefined
  const end = prelude + (frame[40] as number)
  return {
    version: frame.toString('latin1', prelude, end),
    line: frame.toString('latin1', end, end + (frame[41] as number)),
  }
}
