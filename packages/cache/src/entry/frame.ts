/**
 * The `entry` format: bytes `R`, `P`, format version, flags, header length (4 bytes, big endian), header as
 * JSON, payload as JSON. The header repeats the key, so that a frame that a mixed-up store returns for another
 * key is a miss. Flags are kept for compression and encryption; a frame with an unknown flag is unreadable.
 */
import type { Header } from './header.ts'

const formatVersion = 1
const prelude = 8

/** The frame of a header and the JSON text of a value. */
export function encodeFrame(header: Header, payload: string): Uint8Array {
  const head = Buffer.from(JSON.stringify(header))
  const frame = Buffer.allocUnsafe(prelude + head.length + Buffer.byteLength(payload))
  frame[0] = 0x52
  frame[1] = 0x50
  frame[2] = formatVersion
  frame[3] = 0
  frame.writeUInt32BE(head.length, 4)
  head.copy(frame, prelude)
  frame.write(payload, prelude + head.length)
  return frame
}

/** The parts of a frame, or why they cannot be read. */
export function decodeFrame(
  body: Uint8Array,
): { readonly header: unknown; readonly value: unknown } | string {
  const frame = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  if (frame.length < prelude || frame[0] !== 0x52 || frame[1] !== 0x50) return 'not a frame'
  if (frame[2] !== formatVersion) return `frame version ${frame[2]} is not known here`
  if (frame[3] !== 0) return `frame flags ${frame[3]} are not known here`
  const end = prelude + frame.readUInt32BE(4)
  if (end > frame.length) return 'the frame is cut off'
  try {
    return {
      header: JSON.parse(frame.toString('utf8', prelude, end)),
      value: JSON.parse(frame.toString('utf8', end)),
    }
  } catch {
    return 'the frame does not hold JSON'
  }
}
