import { type Space, defineSpace } from '@reprise/cache'
import { type CallPolicy, type StoredAnswer, answerSettings } from '../spaces.ts'

const key = 'langchain:{tenant}:{digest}'

/** The space of generations of LangChain.js. */
export type LangChainSpace = Space<'langchain', typeof key, StoredAnswer>

/** Declares the space of generations of LangChain.js. @throws E_CALL_OPTION */
export function langchainSpace(policy: CallPolicy): LangChainSpace {
  return defineSpace({
    name: 'langchain',
    key,
    requires: ['tenant', 'digest'],
    ...answerSettings(policy),
  })
}
