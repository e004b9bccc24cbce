import type { DataOf, Routes } from '@reprise/api'

type Row = DataOf<Routes['configRead']>['row']

/** Changes that are to be refused: what is wrong, the table, the change of its first row, the field and the reason. */
export const refusals: readonly (readonly [string, string, Row, string, RegExp])[] = [
  ['an unknown slot type', 'slots', { slot_type: 'COLOUR' }, 'slot_type', /TEXT/],
  ['an unknown entity type', 'slots', { entity_type: 'planet' }, 'entity_type', /no entity type "planet"/],
  [
    'a pattern that is none',
    'slots',
    { validation_rules: { pattern: '[' } },
    'validation_rules.pattern',
    /no regular expression/,
  ],
  [
    'a day that is none',
    'slots',
    { validation_rules: { min_date: 'soon' } },
    'validation_rules.min_date',
    /"soon" is no day/,
  ],
  [
    'a rule that there is not',
    'slots',
    { validation_rules: { colour: 'red' } },
    'validation_rules.colour',
    /no such field/,
  ],
  [
    'limits that nothing meets',
    'slots',
    { validation_rules: { min: 5, max: 1 } },
    'validation_rules.min',
    /no value/,
  ],
  ['a slot of another name', 'slots', { slot_name: 'other' }, 'slot_name', /cannot be changed/],
  [
    'a transition to nowhere',
    'conversation_statuses',
    { next_allowed_status: ['nowhere'] },
    'next_allowed_status.0',
    /no status "nowhere"/,
  ],
  [
    'a final status with a next',
    'conversation_statuses',
    { is_final: true, next_allowed_status: ['completed'] },
    'next_allowed_status',
    /final/,
  ],
  ['a threshold of 2', 'intents', { confidence_threshold: 2 }, 'confidence_threshold', /1/],
  ['no field', 'intents', {}, 'values', /at least one/],
  ['an unknown field', 'intents', { colour: 'red' }, 'colour', /no such field/],
  [
    'a secret written out',
    'function_calls',
    { headers: { Authorization: 'Bearer abc' } },
    'headers.Authorization',
    /not kept here/,
  ],
  [
    "another program's variable",
    'function_calls',
    { headers: { 'X-A': '${DATABASE_URL}' } },
    'headers.X-A',
    /API_/,
  ],
  [
    'a parameter of no slot',
    'function_calls',
    { param_mapping: { colour: 'from' } },
    'param_mapping.colour',
    /no slot "colour"/,
  ],
  ['an address that is none', 'function_calls', { api_endpoint: 'ftp://x' }, 'api_endpoint', /https/],
  ['a value of another type', 'system_configs', { config_value: 'much' }, 'config_value', /number/],
  [
    'a template without its variable',
    'prompt_templates',
    { content: '${who}', variables: [] },
    'variables',
    /\$\{who\}/,
  ],
  [
    'a preference of the wrong type',
    'assistant_users',
    { preferences: { theme: 5 } },
    'preferences.theme',
    /string/,
  ],
]
