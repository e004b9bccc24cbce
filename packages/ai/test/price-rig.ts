import { readPrices } from '../src/ledger/price-table.ts'

/** Prices that can be reckoned in one's head. */
export const table = readPrices(
  {
    sample_spec: { input_cost_per_token: 'dollars' },
    'm-1': { input_cost_per_token: 2, output_cost_per_token: 8, cache_read_input_token_cost: 0.5 },
    'azure/m-1': { input_cost_per_token: 3, output_cost_per_token: 9 },
    'm-2': {
      input_cost_per_token: 2,
      output_cost_per_token: 8,
      cache_read_input_token_cost: 1,
      cache_creation_input_token_cost: 2.5,
      output_cost_per_reasoning_token: 4,
      input_cost_per_token_above_200k_tokens: 4,
      output_cost_per_token_above_200k_tokens: 12,
    },
    'm-3': {
      input_cost_per_token: 2,
      output_cost_per_token: 8,
      output_cost_per_reasoning_token: 6,
      input_cost_per_token_batches: 1,
      output_cost_per_token_batches: 4,
      input_cost_per_token_above_200k_tokens: 4,
      output_cost_per_image: 5,
    },
    'half-listed': { input_cost_per_token: 2, output_cost_per_token: 8, input_cost_per_token_batches: 1 },
    'embed-1': { input_cost_per_token: 2, input_cost_per_token_batches: 1, input_cost_per_image: 3 },
    'dall-e': { output_cost_per_image: 1 },
    'low/1024-x-1536/painter': { mode: 'image_generation', input_cost_per_image: 0.5 },
    'hd/8-x-16/painter': { mode: 'image_generation', input_cost_per_pixel: 0.25, output_cost_per_pixel: 0 },
    painter: { mode: 'image_generation', input_cost_per_pixel: 0.25 },
  },
  { version: '1', source: 'a test', aliases: { mine: 'm-1' } },
)
