import { CallError } from './call-error.ts'

/** Variables that placeholders may name: others may be secrets of something else. */
export const variableName = /^API_[A-Z0-9_]{1,60}$/
const placeholder = /\$\{([^}]*)\}/g
const secretHeader = /^(authorization|proxy-authorization|cookie|.*(api[-_]?key|token|secret|password).*)$/i

/** The names of the variables in a header's value. */
export function placeholdersIn(value: string): string[] {
  return Array.from(value.matchAll(placeholder), (match) => match[1] ?? '')
}

/** Whether a header is of the kind that carries a secret. */
export function isSecretHeader(name: string): boolean {
  return secretHeader.test(name)
}

/**
 * Headers with the variables of the environment in them (row A6).
 * @throws CallError NOT_CONFIGURED naming the variable that is not set
 */
export function fillHeaders(
  headers: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const fill = (name: string, value: string): string =>
    value.replaceAll(placeholder, (_, variable: string) => {
      const given = variableName.test(variable) ? environment[variable] : undefined
      if (given !== undefined && given !== '') return given
      throw new CallError('NOT_CONFIGURED', `The header ${name} needs the variable ${variable}: set it`)
    })
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, fill(name, value)]))
}

/** Headers as they may be stored and logged (row A8): placeholders stay placeholders, and no other secret is left. */
export function withoutSecrets(headers: Readonly<Record<string, string>>): Record<string, string> {
  const safe = (name: string, value: string): string =>
    isSecretHeader(name) && placeholdersIn(value).length === 0 ? '[redacted]' : value
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, safe(name, value)]))
}
