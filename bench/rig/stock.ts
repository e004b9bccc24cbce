/** What the caches of a benchmark are filled with: keys, parameters, and objects of 192 bytes of JSON. */

/** A value: what a small answer of an assistant looks like. */
export interface Value {
  readonly id: number
  readonly tenant: string
  readonly score: number
  readonly text: string
}

/** Parameters of a key. */
export interface Params {
  readonly id: string
}

const valueBytes = 192
const sentence =
  'The parcel that you ordered on Monday left our house this morning and will be with you on Thursday. '

/** A fresh value with nothing in common with others, as it comes out of a loader. */
export function valueOf(index: number): Value {
  const head = `{"id":${index},"tenant":"tenant-number-${index % 100}","score":0.${(index % 8_999) + 1_001},"text":"${index} `
  return JSON.parse(`${head}${sentence.repeat(2).slice(0, valueBytes - head.length - 2)}"}`) as Value
}

/** The parameters of an index. */
export function paramsOf(index: number): Params {
  return { id: `k${index}` }
}

/** The finished key of an index, as one flat string: a concatenation would keep its parts, and look larger in all caches that are given it. */
export function keyOf(index: number): string {
  return Buffer.from(`bench:item:k${index}`, 'latin1').toString('latin1')
}

/** The key of these parameters, as somebody would write it by hand. */
export function keyOfParams({ id }: Params): string {
  return `bench:item:${id}`
}
