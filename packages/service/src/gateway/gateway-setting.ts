import { userRole } from '@reprise/api'
import { z } from 'zod'
import type { ValueRule } from '../settings/setting-values.ts'
import type { GatewayOptions, GatewaySemantic } from './gateway-options.ts'

const name = z.string().min(1).max(200)

const semantic = z
  .strictObject({
    accept: z.number().gt(0),
    verify: z.number().gt(0).optional(),
    embedding_model: name,
    verifier_model: name.optional(),
  })
  .refine(({ accept, verify = accept }) => verify <= accept && verify <= 1, {
    message: 'verify is not above accept, nor above 1',
  })
  .refine(({ verify, verifier_model: model }) => verify === undefined || model !== undefined, {
    message: 'verify goes with a verifier_model',
  })

const gateway = z.strictObject({
  upstreams: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-z0-9][a-z0-9_.-]{0,63}$/),
        kind: z.enum(['openai', 'anthropic']),
        base_url: z.url({ protocol: /^https?$/ }),
        api_key_env: z
          .string()
          .regex(/^[A-Z][A-Z0-9_]*$/)
          .optional(),
        models: z.array(name).min(1).optional(),
      }),
    )
    .min(1),
  aliases: z.record(name, name).optional(),
  fallbacks: z.record(name, z.array(name).min(1)).optional(),
  races: z.record(name, z.strictObject({ fast: name, premium: name })).optional(),
  semantic: semantic.optional(),
  role: userRole.optional(),
})

/** The gateway as `config.yaml` has it; secrets are named by the variables that hold them, so that none is in the file. */
export type GatewaySetting = z.infer<typeof gateway>

/** The rule of the setting `gateway`. */
export const gatewaySetting: ValueRule<GatewaySetting> = {
  schema: gateway,
  allowed:
    'a map with upstreams, each {name, kind: openai or anthropic, base_url, api_key_env, models}, and with aliases, fallbacks, races, semantic {accept, verify, embedding_model, verifier_model} and role where they are wanted',
}

/** Variables that the setting names and nobody set. */
export function missingVariables(
  { upstreams }: GatewaySetting,
  read: (name: string) => string | undefined,
): readonly string[] {
  return upstreams.flatMap(({ api_key_env: variable }) =>
    variable !== undefined && read(variable) === undefined ? [variable] : [],
  )
}

/** The options of the gateway, with the secrets that the environment holds. */
export function gatewayOptions(
  { upstreams, semantic: alike, ...rest }: GatewaySetting,
  read: (name: string) => string | undefined,
): GatewayOptions {
  return {
    ...rest,
    ...(alike === undefined ? {} : { semantic: semanticOptions(alike) }),
    upstreams: upstreams.map(({ base_url: baseUrl, api_key_env: variable, ...upstream }) => {
      const apiKey = variable === undefined ? undefined : read(variable)
      return { ...upstream, baseUrl, ...(apiKey === undefined ? {} : { apiKey }) }
    }),
  } as GatewayOptions
}

function semanticOptions({
  embedding_model: embeddingModel,
  verifier_model: verifierModel,
  ...rest
}: NonNullable<GatewaySetting['semantic']>): GatewaySemantic {
  return {
    ...rest,
    embeddingModel,
    ...(verifierModel === undefined ? {} : { verifierModel }),
  } as GatewaySemantic
}
