import type { ResponseType } from '../catalog/response.ts'
import type { Decision } from './decision.ts'
import { type Language, inLanguage } from './language.ts'

/**
 * The sentence of a decision: the template of its response type where the decision has every part that it names
 * (row A18), else the decision's own words.
 */
export function respond(decision: Decision, type: ResponseType, language: Language): string {
  const template = inLanguage(language, type.default_template, type.default_template_en)
  const names = Array.from(template.matchAll(/\$\{(\w+)\}/g), (match) => match[1] ?? '')
  if (names.length === 0 || !names.every((name) => decision.parts[name] !== undefined))
    return decision.response
  return template.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => decision.parts[name] ?? '')
}
