import { parseArray } from './array-text.ts'
import { parseTimestamp } from './timestamp-text.ts'

type Decode = (text: string) => unknown

const keep: Decode = (text) => text
const number: Decode = (text) => Number(text)
const json: Decode = (text) => JSON.parse(text)

function int8(text: string): number | bigint {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : BigInt(text)
}

function bytea(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.slice(2), 'hex'))
}

// [type, array of the type, decoder], by the object ids that PostgreSQL fixes in pg_type.dat.
const builtIn: readonly (readonly [number, number, Decode])[] = [
  [16, 1000, (text) => text === 't'], // bool
  [17, 1001, bytea],
  [18, 1002, keep], // "char"
  [19, 1003, keep], // name
  [20, 1016, int8],
  [21, 1005, number], // int2
  [23, 1007, number], // int4
  [25, 1009, keep], // text
  [26, 1028, number], // oid
  [114, 199, json],
  [650, 651, keep], // cidr
  [700, 1021, number], // float4
  [701, 1022, number], // float8
  [829, 1040, keep], // macaddr
  [869, 1041, keep], // inet
  [1042, 1014, keep], // char(n)
  [1043, 1015, keep], // varchar
  [1082, 1182, keep], // date
  [1083, 1183, keep], // time
  [1114, 1115, parseTimestamp], // timestamp
  [1184, 1185, parseTimestamp], // timestamptz
  [1186, 1187, keep], // interval
  [1266, 1270, keep], // timetz
  [1700, 1231, keep], // numeric
  [2950, 2951, keep], // uuid
  [3802, 3807, json], // jsonb
]

/**
 * How the text of each built-in type becomes a JavaScript value, by type object id, on both engines:
 * int2, int4, oid and floats are numbers; int8 is a number when safe, else a bigint; bool is a boolean;
 * numeric, date, time, interval, uuid and every type not listed are strings; json and jsonb are parsed;
 * timestamptz and timestamp (read as UTC) are Dates, or ±Infinity; bytea is a Uint8Array; arrays hold the same.
 */
export const decoders: ReadonlyMap<number, Decode> = new Map(
  builtIn.flatMap(([type, array, decode]) => [
    [type, decode] as const,
    [array, (text: string) => parseArray(text, decode)] as const,
  ]),
)

/** The decoder of one type: text stays text when the type is not built in. */
export function decoderOf(type: number): Decode {
  return decoders.get(type) ?? keep
}
