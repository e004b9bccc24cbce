import { describe, expect, test } from 'vitest'
import type { Database } from '../src/index.ts'

/** The values that both engines must give back, and take, alike. */
export function valueSuite(current: () => Database): void {
  const valueOf = async (text: string, parameters?: readonly unknown[]): Promise<unknown> =>
    (await current().query<{ v: unknown }>(`select ${text} as v`, parameters)).rows[0]?.v

  const read: [text: string, value: unknown][] = [
    ['null', null],
    ['true', true],
    ['1::int2', 1],
    ['-2147483648', -2147483648],
    ['9007199254740991::int8', 9007199254740991],
    ['9007199254740992::int8', 9007199254740992n],
    ['count(*)', 1],
    ['12.50::numeric', '12.50'],
    ['0.1::float8', 0.1],
    ["'NaN'::float8", Number.NaN],
    ["'-Infinity'::float4", -Infinity],
    ["'héllo'::varchar", 'héllo'],
    ["'2024-02-29 23:59:59.123456+08'::timestamptz", new Date('2024-02-29T15:59:59.123Z')],
    ["'2024-02-29 10:00'::timestamp", new Date('2024-02-29T10:00:00Z')],
    ["'infinity'::timestamptz", Infinity],
    ["'0044-03-15 12:00:00+00 BC'::timestamptz", new Date('-000043-03-15T12:00:00Z')],
    ["'12024-01-01 00:00:00+00'::timestamptz", new Date('+012024-01-01T00:00:00Z')],
    ["'2024-02-29'::date", '2024-02-29'],
    ["'10:00:00'::time", '10:00:00'],
    ["interval '1 day 2 hours'", '1 day 02:00:00'],
    [`'{"a": [1, null]}'::jsonb`, { a: [1, null] }],
    [`'"text"'::json`, 'text'],
    ["'null'::jsonb", null],
    ["'\\x00ff10'::bytea", new Uint8Array([0, 255, 16])],
    ["'d0b5f1a8-0000-4000-8000-000000000001'::uuid", 'd0b5f1a8-0000-4000-8000-000000000001'],
    ["'(1,2)'::point", '(1,2)'],
    ['array[1, null, 3]', [1, null, 3]],
    [
      "'[0:1][1:2]={{1,2},{3,4}}'::int8[]",
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ["array['a,b', 'NULL', null, '', 'q\"\\', '{}']", ['a,b', 'NULL', null, '', 'q"\\', '{}']],
    ["array['2024-01-01'::date]", ['2024-01-01']],
    ["array['2024-01-01 00:00:00+00'::timestamptz]", [new Date('2024-01-01T00:00:00Z')]],
    ["array['\\xff'::bytea]", [new Uint8Array([255])]],
    [`array['{"a":1}'::jsonb]`, [{ a: 1 }]],
    ['array[1.5, 2]', ['1.5', '2']],
    ['array[true, false]', [true, false]],
    ["'{}'::text[]", []],
  ]

  describe('values', () => {
    test.each(read)('%s is read as %o', async (text, value) => {
      expect(await valueOf(text)).toStrictEqual(value)
    })

    const date = new Date('2024-02-29T23:59:59.123Z')
    const written: [type: string, parameter: unknown, value: unknown][] = [
      ['text', null, null],
      ['text', undefined, null],
      ['text', '', ''],
      ['text', 'é"\\\'', 'é"\\\''],
      ['text', 5, '5'],
      ['boolean', false, false],
      ['integer', -7, -7],
      ['float8', 1e300, 1e300],
      ['float8', Number.NaN, Number.NaN],
      ['int8', 9007199254740993n, 9007199254740993n],
      ['numeric', '1.10', '1.10'],
      ['timestamptz', date, date],
      ['timestamptz', new Date('-000043-03-15T12:00:00Z'), new Date('-000043-03-15T12:00:00Z')],
      ['timestamptz', new Date('+012024-01-01T00:00:00Z'), new Date('+012024-01-01T00:00:00Z')],
      ['timestamp', date, date],
      ['date', date, '2024-02-29'],
      ['bytea', new Uint8Array([0, 1, 255]), new Uint8Array([0, 1, 255])],
      ['bytea', new Uint8Array([9, 0, 1, 9]).subarray(1, 3), new Uint8Array([0, 1])],
      ['bytea', Buffer.from('é'), new Uint8Array([0xc3, 0xa9])],
      ['jsonb', { a: [1, { b: null }], c: 'é' }, { a: [1, { b: null }], c: 'é' }],
      ['jsonb', JSON.stringify([1, 2]), [1, 2]],
      ['jsonb', JSON.stringify('text'), 'text'],
      ['integer[]', [1, null, 3], [1, null, 3]],
      ['integer[]', [], []],
      [
        'integer[]',
        [
          [1, 2],
          [3, 4],
        ],
        [
          [1, 2],
          [3, 4],
        ],
      ],
      ['text[]', ['a,b', '"q\\"', 'NULL', null, ''], ['a,b', '"q\\"', 'NULL', null, '']],
      ['bytea[]', [new Uint8Array([0, 255])], [new Uint8Array([0, 255])]],
      ['timestamptz[]', [date], [date]],
      ['jsonb[]', [{ a: 1 }], [{ a: 1 }]],
    ]
    test.each(written)('a %s parameter takes %o', async (type, parameter, value) => {
      expect(await valueOf(`$1::${type}`, [parameter])).toStrictEqual(value)
    })

    test('are typed by the column, without a cast', async () => {
      await current().script('create table typed (j jsonb, b bytea, t timestamptz, n int8, a text[])')
      const row = { j: { a: 1 }, b: new Uint8Array([1]), t: date, n: 5, a: ['x'] }
      await current().query('insert into typed values ($1, $2, $3, $4, $5)', Object.values(row))
      expect((await current().query('select * from typed')).rows).toStrictEqual([row])
    })

    test('of a megabyte pass', async () => {
      const bytes = new Uint8Array(1_000_000).fill(7)
      const back = await valueOf('$1::bytea', [bytes])
      expect(back instanceof Uint8Array && Buffer.compare(back, bytes) === 0).toBe(true)
    })

    test.each([[new Date(Number.NaN)], [() => 1], [Symbol('s')], [{ big: 1n }]])(
      'that cannot be sent are refused: %o',
      async (parameter) => {
        await expect(valueOf('$1::text', [parameter])).rejects.toMatchObject({ code: 'E_DATABASE_OPTION' })
      },
    )
  })
}
