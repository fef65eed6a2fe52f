import { type SchemaTable, listedTypes, schemasOf } from './keywords.ts'

/** Texts in the formats that schemas use most. */
const FORMATS: Readonly<Record<string, readonly string[]>> = {
  'date-time': ['2024-02-29T12:30:00Z'],
  date: ['2024-02-29'],
  time: ['12:30:00Z'],
  duration: ['P1D'],
  email: ['a@example.com'],
  hostname: ['example.com'],
  ipv4: ['192.0.2.1'],
  ipv6: ['2001:db8::1'],
  uri: ['https://example.com/a'],
  'uri-reference': ['/a'],
  uuid: ['0b9e3f0a-5c1e-4c59-9d3b-2f1c3d4e5f60'],
}

/** Texts of many kinds, some of which satisfy common patterns. */
const TEXTS = [
  'text',
  '',
  'a',
  'A',
  '0',
  '1',
  '-1',
  'ABC',
  'EUR',
  'abc',
  'a-b',
  'A1',
  '12345',
  'Ä',
  ' ',
  'x'.repeat(40),
]

/** Longer texts add nothing to the comparison. */
const LONGEST = 10_000

/** Numbers around the bounds of both schemas, first those that satisfy the sent schema. */
export function numbersFor(sent: readonly SchemaTable[], accepted: readonly SchemaTable[]): readonly number[] {
  const bounds = [...sent, ...accepted].flatMap((part) =>
    ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'].flatMap((keyword) => {
      const bound = part[keyword]
      return typeof bound === 'number' ? [bound, bound + 1, bound - 1, bound + 0.5, bound - 0.5, bound * 2] : []
    }),
  )
  const isValid = (value: number) =>
    sent.every((part) => {
      const types = listedTypes(part)
      if (types?.includes('integer') === true && !types.includes('number') && !Number.isInteger(value)) return false
      return (
        !isBelow(value, part['minimum']) &&
        !isBelow(part['maximum'], value) &&
        value !== part['exclusiveMinimum'] &&
        !isBelow(value, part['exclusiveMinimum']) &&
        value !== part['exclusiveMaximum'] &&
        !isBelow(part['exclusiveMaximum'], value) &&
        (typeof part['multipleOf'] !== 'number' || value % part['multipleOf'] === 0)
      )
    })
  return [...new Set([...bounds, 1, 0, -1, 0.5, 1_000_000])].filter(isValid)
}

function isBelow(value: unknown, bound: unknown): boolean {
  return typeof value === 'number' && typeof bound === 'number' && value < bound
}

/** Texts around the bounds of both schemas, first those that satisfy the sent schema. */
export function textsFor(sent: readonly SchemaTable[], accepted: readonly SchemaTable[]): readonly string[] {
  const all = [...sent, ...accepted]
  const lengths = all.flatMap((part) =>
    ['minLength', 'maxLength'].flatMap((keyword) => {
      const bound = part[keyword]
      return typeof bound === 'number' ? [bound, bound + 1, bound - 1] : []
    }),
  )
  const given = all.flatMap((part) => [part['default'], ...schemasOf(part['examples']), ...schemasOf(part['enum'])])
  const texts = [
    ...sent.flatMap(({ format }) => (typeof format === 'string' ? (FORMATS[format] ?? []) : [])),
    ...given.filter((each) => typeof each === 'string'),
    ...TEXTS,
    ...lengths.filter((each) => each >= 0 && each <= LONGEST).flatMap((each) => ['a'.repeat(each), 'A'.repeat(each)]),
    ...accepted.flatMap(({ format }) => (typeof format === 'string' ? (FORMATS[format] ?? []) : [])),
    ...Object.values(FORMATS).flat(),
  ]
  return [...new Set(texts)].filter((text) => sent.every((part) => isValidText(text, part)))
}

function isValidText(text: string, { minLength, maxLength, pattern, format }: SchemaTable): boolean {
  const length = Array.from(text).length
  if (isBelow(length, minLength) || isBelow(maxLength, length)) return false
  if (typeof format === 'string' && FORMATS[format] !== undefined && !FORMATS[format].includes(text)) return false
  return typeof pattern !== 'string' || matches(pattern, text)
}

/** Generated texts are short or consist of one letter, so no pattern takes long. */
function matches(pattern: string, text: string): boolean {
  try {
    return text.length <= 40 && new RegExp(pattern, 'u').test(text)
  } catch {
    return false
  }
}
