/**
 * A record as a file: bytes `RPF1`, length of the head, length of the body, CRC-32 of the body, CRC-32 of all before
 * and of the head (4 bytes each, big endian), the head as JSON, the body. A file of another length, or with a byte
 * changed anywhere, is no record. A file of a later version is left alone.
 */
import { crc32 } from 'node:zlib'
import type { TierRecord } from '../tier.ts'

/** Bytes before the head. */
export const prelude = 20

/** What stands before the body: the key, its times, the sidecar, whether the body is text, and the batch it was written in. */
export interface Head {
  readonly k: string
  readonly c: number
  /** Null for ever. */
  readonly e: number | null
  readonly t?: true
  readonly s?: string
  /** The record counts only if this batch was committed. */
  readonly b?: string
}

/** A head, and the length of what follows it. */
export interface Measured {
  readonly head: Head
  /** Of the body, in bytes. */
  readonly bytes: number
  /** Of the file, in bytes. */
  readonly size: number
}

/** The bytes of a record's file. */
export function encodeFile(record: TierRecord, batch: string | undefined): Buffer {
  const { key, body, sidecar, createdAt, expiresAt } = record
  const text = typeof body === 'string'
  const head: Head = {
    k: key,
    c: createdAt,
    e: expiresAt === Infinity ? null : expiresAt,
    ...(text ? { t: true } : {}),
    ...(sidecar === undefined ? {} : { s: sidecar }),
    ...(batch === undefined ? {} : { b: batch }),
  }
  const headBytes = Buffer.from(JSON.stringify(head))
  const bodyBytes = text ? Buffer.from(body) : body
  const file = Buffer.allocUnsafe(prelude + headBytes.length + bodyBytes.length)
  file.write('RPF1', 0, 'latin1')
  file.writeUInt32BE(headBytes.length, 4)
  file.writeUInt32BE(bodyBytes.length, 8)
  file.writeUInt32BE(crc32(bodyBytes), 12)
  headBytes.copy(file, prelude)
  file.set(bodyBytes, prelude + headBytes.length)
  file.writeUInt32BE(headSum(file, headBytes.length), 16)
  return file
}

function headSum(file: Buffer, length: number): number {
  return crc32(file.subarray(prelude, prelude + length), crc32(file.subarray(0, 16)))
}

/** The lengths that the beginning of a file tells: of head, body and whole; why not, when it is none of ours. */
export function lengthsOf(
  file: Buffer,
): { readonly head: number; readonly body: number; readonly size: number } | 'broken' | 'later' {
  if (file.length < prelude || file.toString('latin1', 0, 3) !== 'RPF') return 'broken'
  if (file[3] !== 0x31) return 'later'
  const head = file.readUInt32BE(4)
  const body = file.readUInt32BE(8)
  return { head, body, size: prelude + head + body }
}

/** The head, from the beginning of a file that holds at least that; undefined when it is not as it was written. */
export function decodeHead(file: Buffer): Measured | undefined {
  const lengths = lengthsOf(file)
  if (typeof lengths === 'string' || file.length < prelude + lengths.head) return undefined
  if (file.readUInt32BE(16) !== headSum(file, lengths.head)) return undefined
  try {
    // A checksum that fits says that we wrote it.
    const head = JSON.parse(file.toString('utf8', prelude, prelude + lengths.head)) as Head
    return { head, bytes: lengths.body, size: lengths.size }
  } catch {
    return undefined
  }
}

/** The record of a whole file, with its head; undefined when a byte is not as it was written. */
export function decodeFile(file: Buffer): (Measured & { readonly record: TierRecord }) | undefined {
  const measured = decodeHead(file)
  if (measured === undefined || file.length !== measured.size) return undefined
  const body = file.subarray(measured.size - measured.bytes)
  if (file.readUInt32BE(12) !== crc32(body)) return undefined
  const { k, c, e, t, s } = measured.head
  return {
    ...measured,
    record: {
      key: k,
      body: t === true ? body.toString() : body,
      ...(s === undefined ? {} : { sidecar: s }),
      createdAt: c,
      expiresAt: e ?? Infinity,
    },
  }
}
