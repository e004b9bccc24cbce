import { ChatError } from './chat-error.ts'

/** Longest message, in characters (originals 2.3). */
export const longestInput = 1000

/**
 * What a user said without what nobody can say: control and invisible format characters. Everything else is kept as it
 * was: quotes and angle brackets are part of what people say, and nothing here builds SQL, HTML or keys out of text.
 * @throws ChatError INPUT_EMPTY or INPUT_TOO_LONG
 */
export function sanitise(input: string): string {
  const text = input
    .replace(/[\n\r\t\u2028\u2029]+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '')
    .trim()
  if (text === '') throw new ChatError('INPUT_EMPTY', 'The message has no text: say something')
  if (text.length > longestInput) {
    throw new ChatError(
      'INPUT_TOO_LONG',
      `The message has ${text.length} characters: at most ${longestInput} are read`,
    )
  }
  return text
}
