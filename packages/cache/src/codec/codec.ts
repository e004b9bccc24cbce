import { type CompressionOptions, pack, packings, settleCompression, unpack } from './compression.ts'
import { type EncryptionOptions, createSealer } from './encryption.ts'

/** What a frame's flags can say; the two lowest bits are the packing. */
const packingBits = 0b011
const sealedBit = 0b100

/** Turns the payloads of frames into what is stored, and back. Synchronous: a payload of 1 MB takes some milliseconds. */
export interface Codec {
  /** Whether a payload that nothing was done to may be read. */
  readonly takesPlain: boolean
  /** The head with these flags, which the payload is bound to, and the payload as stored; undefined when nothing is done to it. */
  encode(
    payload: string,
    headOf: (flags: number) => Uint8Array,
  ): readonly [head: Uint8Array, payload: Uint8Array] | undefined
  /** The payload, or why it cannot be had. */
  decode(flags: number, payload: Uint8Array, head: Uint8Array): Uint8Array | string
}

/** Options of a codec. */
export interface CodecOptions {
  readonly compression?: CompressionOptions | undefined
  readonly encryption?: EncryptionOptions | undefined
  /** What a packed payload may unpack to, in bytes: a small frame must not fill the memory. */
  readonly maxBytes: number
}

/** Whether every flag has a meaning here. */
export function areFlagsKnown(flags: number): boolean {
  return (flags & ~(packingBits | sealedBit)) === 0 && (flags & packingBits) <= packings.brotli
}

/**
 * A codec. It unpacks whatever is packed; where it has keys, it takes nothing that is not sealed.
 * @throws E_OPTION_INVALID
 */
export function createCodec({ compression, encryption, maxBytes }: CodecOptions): Codec {
  const packing = compression === undefined ? undefined : settleCompression(compression)
  const sealer = encryption === undefined ? undefined : createSealer(encryption)
  return {
    takesPlain: sealer === undefined,
    encode(payload, headOf) {
      // Most bytes that text can have, so that short ones are not measured.
      if (sealer === undefined && (packing === undefined || payload.length * 3 < packing.above))
        return undefined
      const plain = Buffer.from(payload)
      const packed = packing === undefined ? { flag: packings.none, bytes: plain } : pack(plain, packing)
      if (sealer === undefined)
        return packed.flag === packings.none ? undefined : [headOf(packed.flag), packed.bytes]
      const head = headOf(packed.flag | sealedBit)
      return [head, sealer.seal(packed.bytes, head)]
    },
    decode(flags, payload, head) {
      if (!areFlagsKnown(flags)) return `frame flags ${flags} are not known here`
      const sealed = (flags & sealedBit) !== 0
      if (!sealed && sealer !== undefined) return 'the payload is not sealed, and this cache has keys'
      if (sealed && sealer === undefined) return 'the payload is sealed, and this cache has no keys'
      const opened = sealer === undefined ? payload : sealer.open(payload, head)
      return typeof opened === 'string' ? opened : unpack(flags & packingBits, opened, maxBytes)
    },
  }
}
