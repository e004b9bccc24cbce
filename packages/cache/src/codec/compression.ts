import { brotliCompressSync, brotliDecompressSync, constants, gunzipSync, gzipSync } from 'node:zlib'
import { RepriseError, quote } from '../errors.ts'

/** How payloads are made smaller in the tiers below memory. */
export interface CompressionOptions {
  /** Brotli is smaller, gzip is readable by more programs; both unpack fast. */
  readonly algorithm: 'brotli' | 'gzip'
  /** Payloads of fewer bytes of JSON stay as they are. @default 1 024 */
  readonly above?: number
}

/** Options read once. */
export interface CompressionSettings {
  readonly algorithm: 'brotli' | 'gzip'
  readonly above: number
}

/** The two lowest bits of a frame's flags. */
export const packings = { none: 0, gzip: 1, brotli: 2 } as const

/** A packed payload stays only when it is at most this share of the plain one. */
const worthwhile = 0.9
/** The best sizes of Brotli take a hundred times as long. */
const brotliQuality = 4

/** @throws E_OPTION_INVALID quoting the bad value */
export function settleCompression(options: CompressionOptions): CompressionSettings {
  const { algorithm, above = 1_024 } = options
  if (algorithm !== 'brotli' && algorithm !== 'gzip') {
    throw new RepriseError(
      'E_OPTION_INVALID',
      `compression.algorithm is ${quote(algorithm)}: give one of brotli, gzip`,
    )
  }
  if (typeof above !== 'number' || !(above >= 0)) {
    throw new RepriseError('E_OPTION_INVALID', `compression.above is ${quote(above)}: give a number of bytes`)
  }
  return Object.freeze({ algorithm, above })
}

/** The packed bytes and their flag; the bytes as they are where packing does not save a tenth. */
export function pack(
  bytes: Uint8Array,
  { algorithm, above }: CompressionSettings,
): { readonly flag: number; readonly bytes: Uint8Array } {
  if (bytes.length < above) return { flag: packings.none, bytes }
  const packed =
    algorithm === 'gzip'
      ? gzipSync(bytes)
      : brotliCompressSync(bytes, {
          params: {
            [constants.BROTLI_PARAM_QUALITY]: brotliQuality,
            [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
            [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
          },
        })
  return packed.length <= bytes.length * worthwhile
    ? { flag: packings[algorithm], bytes: packed }
    : { flag: packings.none, bytes }
}

/** The plain bytes, at most so many of them, or why they cannot be had. */
export function unpack(flag: number, bytes: Uint8Array, maxOutputLength: number): Uint8Array | string {
  if (flag === packings.none) return bytes
  try {
    return flag === packings.gzip
      ? gunzipSync(bytes, { maxOutputLength })
      : brotliDecompressSync(bytes, { maxOutputLength })
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      ? `the payload unpacks to more than ${maxOutputLength} bytes`
      : 'the payload cannot be unpacked'
  }
}
