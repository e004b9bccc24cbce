import { type Codec, type CodecOptions, createCodec } from '../codec/codec.ts'
import { RepriseError } from '../errors.ts'
import type { Catalog } from '../key/catalog.ts'

/**
 * The codec of a cache. Nothing unpacks to more than the largest value that a space allows.
 * @throws E_OPTION_INVALID also when documents, which stay plain, would be in a cache that encrypts
 */
export function codecOf(options: Omit<CodecOptions, 'maxBytes'> & { readonly catalog: Catalog }): Codec {
  const { catalog, compression, encryption } = options
  const document = catalog.spaces.find(({ settings }) => settings.format === 'document')
  if (encryption !== undefined && document !== undefined && encryption.allowPlainDocuments !== true) {
    throw new RepriseError(
      'E_OPTION_INVALID',
      `space "${document.name}" keeps documents, which are plain JSON and are not encrypted: use the format 'entry', or set encryption.allowPlainDocuments`,
    )
  }
  const maxBytes = Math.max(1, ...catalog.spaces.map(({ settings }) => settings.maxValueBytes))
  return createCodec({ compression, encryption, maxBytes })
}
