/** What the broker expects of the value of an argument or policy key. */
export type ValueRule =
  | { readonly form: 'integer'; readonly minimum?: number; readonly maximum?: number }
  | { readonly form: 'text' }
  | { readonly form: 'boolean' }
  | { readonly form: 'one-of'; readonly values: readonly (string | number)[] }
  /** A whole number and a unit, such as `7D` (rabbit_amqqueue:check_max_age). */
  | { readonly form: 'age' }
  /** Text or a number, as the key needs it; the broker has the last word. */
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
      return typeof value === 'string'
    case 'boolean':
      return typeof value === 'boolean'
    case 'one-of':
      return rule.values.some((each) => each === value)
    case 'age':
      return typeof value === 'string' && AGE.test(value)
    case 'any':
      return true
  }
}

/** Describes a rule as the end of a sentence: "has to be …". */
export function describeRule(rule: ValueRule): string {
  switch (rule.form) {
    case 'integer':
      return describeInteger(rule.minimum, rule.maximum)
    case 'text':
      return 'text'
    case 'boolean':
      return 'true or false'
    case 'one-of':
      return rule.values.join(', ').replace(/, ([^,]*)$/, ' or $1')
    case 'age':
      return 'a whole number above 0 with a unit: Y, M, D, h, m or s, such as 7D'
    case 'any':
      return 'a value that the broker takes'
  }
}

function describeInteger(minimum: number | undefined, maximum: number | undefined): string {
  if (minimum === undefined) return 'a whole number'
  return maximum === undefined
    ? `a whole number of ${minimum} or more`
    : `a whole number from ${minimum} to ${maximum.toLocaleString('en-US')}`
}
