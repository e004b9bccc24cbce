import { type Json, asJson, asList, isJson, without } from './json.ts'

/** Options of OpenAI that change who pays, what is logged or how bytes travel, and never the answer. */
export const openaiNoise = [
  'stream',
  'stream_options',
  'user',
  'safety_identifier',
  'metadata',
  'store',
  'service_tier',
  'prompt_cache_key',
  'prompt_cache_retention',
]

/** Content as a list of parts; text alone is one part, since the model reads the same. Files are told as such, so that their bytes are digested and tagged. */
export function plainContent(content: unknown): unknown {
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  return Array.isArray(content) ? content.map((part) => (isJson(part) ? plainPart(part) : part)) : content
}

function plainPart(part: Json): Json {
  switch (part['type']) {
    case 'input_text':
    case 'output_text':
      return { ...without(part, 'annotations', 'logprobs'), type: 'text' }
    case 'image_url': {
      const image = part['image_url']
      const { url = image, ...rest } = asJson(image)
      return { type: 'image', image: url, ...plainDetail(rest) }
    }
    case 'input_image': {
      const { image_url: url, ...rest } = part
      return { ...plainDetail(rest), type: 'image', image: url ?? part['file_id'] }
    }
    case 'input_audio': {
      const audio = asJson(part['input_audio'])
      return { type: 'audio', ...audio }
    }
    case 'file':
    case 'input_file': {
      const file = part['type'] === 'file' ? asJson(part['file']) : without(part, 'type')
      const data = file['file_data'] ?? file['file_url']
      return {
        type: 'file',
        ...without(file, 'file_data', 'file_url'),
        ...(data === undefined ? {} : { data }),
      }
    }
    default:
      return part
  }
}

/** How closely an image is looked at, unless that is the default. */
function plainDetail(image: Json): Json {
  return image['detail'] === 'auto' ? without(image, 'detail') : image
}

/** The schemas of the tools that a caller runs, by name; both spellings of OpenAI. */
export function toolSchemas(tools: unknown): Map<string, object> {
  return new Map(
    asList(tools).flatMap((tool): [string, object][] => {
      const definition = isJson(tool['function']) ? tool['function'] : tool
      const { name, parameters } = definition
      return typeof name === 'string' && isJson(parameters) ? [[name, parameters]] : []
    }),
  )
}
