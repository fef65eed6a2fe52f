import { uriProblem } from '../amqp/amqp-uri-problem.ts'

/** The values that the broker accepts for an argument or a policy key. */
export type ValueRule =
  | { readonly form: 'integer'; readonly minimum?: number; readonly maximum?: number }
  | { readonly form: 'text'; readonly maxBytes?: number }
  | { readonly form: 'boolean' }
  | { readonly form: 'one-of'; readonly values: readonly (string | number)[] }
  /** A whole number and a unit, such as `7D` (rabbit_amqqueue:check_max_age). */
  | { readonly form: 'age' }
  /** Any number, also a negative or fractional one. */
  | { readonly form: 'number' }
  /** An AMQP URI, or a list of them (amqp_uri). */
  | { readonly form: 'uris' }
  /** A table; entries under the keys of `keys` follow their rules, and all others follow `others`. */
  | {
      readonly form: 'table'
      /** Such as `a table of strings`. */
      readonly what: string
      readonly keys?: Readonly<Record<string, ValueRule>>
      /** `none` if the table has no other keys. */
      readonly others: ValueRule | 'none'
    }
  | { readonly form: 'either'; readonly rules: readonly ValueRule[] }
  /** Text or a number, as the key requires; the broker decides. */
  | { readonly form: 'any' }

const AGE = /^0*[1-9][0-9]*[YMDhms]$/

/** Whether a value follows a rule. */
export function satisfiesRule(rule: ValueRule, value: unknown): boolean {
  switch (rule.form) {
    case 'integer': {
      const { minimum = -Infinity, maximum = Infinity } = rule
      return typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum
    }
    case 'text':
      return typeof value === 'string' && Buffer.byteLength(value) <= (rule.maxBytes ?? Infinity)
    case 'boolean':
      return typeof value === 'boolean'
    case 'one-of':
      return rule.values.some((each) => each === value)
    case 'age':
      return typeof value === 'string' && AGE.test(value)
    case 'number':
      return typeof value === 'number'
    case 'uris':
      return (Array.isArray(value) ? value : [value]).every(
        (each) => typeof each === 'string' && uriProblem(each) === undefined,
      )
    case 'table':
      return isTableOf(rule, value)
    case 'either':
      return rule.rules.some((each) => satisfiesRule(each, value))
    case 'any':
      return true
  }
}

/** The broker accepts an empty list as an empty table. */
function isTableOf({ keys = {}, others }: Extract<ValueRule, { form: 'table' }>, value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).every(([key, entry]) => {
    const rule = (Object.hasOwn(keys, key) ? keys[key] : undefined) ?? others
    return rule !== 'none' && satisfiesRule(rule, entry)
  })
}

/** Describes a rule as the end of a sentence: "has to be …". */
export function describeRule(rule: ValueRule): string {
  switch (rule.form) {
    case 'integer':
      return describeInteger(rule.minimum, rule.maximum)
    case 'text':
      return rule.maxBytes === undefined ? 'text' : `text of at most ${rule.maxBytes} bytes`
    case 'boolean':
      return 'true or false'
    case 'one-of':
      return rule.values.join(', ').replace(/, ([^,]*)$/, ' or $1')
    case 'age':
      return 'a whole number above 0 with a unit: Y, M, D, h, m or s, such as 7D'
    case 'number':
      return 'a number'
    case 'uris':
      return 'an AMQP URI such as amqp://host/vhost, or a list of them'
    case 'table':
      return rule.what
    case 'either':
      return rule.rules.map(describeRule).join(', or ')
    case 'any':
      return 'a value that the broker accepts'
  }
}

function describeInteger(minimum: number | undefined, maximum: number | undefined): string {
  if (minimum === undefined) return 'a whole number'
  return maximum === undefined
    ? `a whole number of ${minimum} or more`
    : `a whole number from ${minimum} to ${maximum.toLocaleString('en-US')}`
}
