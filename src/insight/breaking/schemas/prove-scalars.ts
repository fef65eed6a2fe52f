import { type SchemaTable, listedTypes } from './keywords.ts'

/** Whether numbers that satisfy all parts also satisfy a keyword about numbers. */
export function numberImplies(keyword: string, parts: readonly SchemaTable[], bound: unknown): boolean {
  if (typeof bound !== 'number') return false
  return parts.some((part) => {
    switch (keyword) {
      case 'minimum':
        return isAtLeast(part['minimum'], bound) || isAtLeast(part['exclusiveMinimum'], bound)
      case 'maximum':
        return isAtLeast(bound, part['maximum']) || isAtLeast(bound, part['exclusiveMaximum'])
      case 'exclusiveMinimum':
        return isAbove(part['minimum'], bound) || isAtLeast(part['exclusiveMinimum'], bound)
      case 'exclusiveMaximum':
        return isAbove(bound, part['maximum']) || isAtLeast(bound, part['exclusiveMaximum'])
      case 'multipleOf':
        return isMultiple(part, bound)
      default:
        return false
    }
  })
}

/** Compares `pattern` and `format`: only equal texts are known to be as narrow. */
export function stringImplies(keyword: string, parts: readonly SchemaTable[], value: unknown): boolean {
  return typeof value === 'string' && parts.some((part) => part[keyword] === value)
}

/** Compares `min…` and `max…`: the sent schema needs a bound that is at least as narrow. */
export function boundHolds(keyword: string, parts: readonly SchemaTable[], bound: unknown): boolean {
  if (typeof bound !== 'number') return false
  if (keyword.startsWith('min') && bound <= 0) return true
  return parts.some((part) => {
    const own = part[keyword]
    return typeof own === 'number' && (keyword.startsWith('min') ? own >= bound : own <= bound)
  })
}

function isAtLeast(value: unknown, bound: unknown): boolean {
  return typeof value === 'number' && typeof bound === 'number' && value >= bound
}

function isAbove(value: unknown, bound: unknown): boolean {
  return typeof value === 'number' && typeof bound === 'number' && value > bound
}

/** Compares only whole numbers, because others are rounded. */
function isMultiple(part: SchemaTable, bound: number): boolean {
  const own = part['multipleOf']
  if (own === bound) return true
  if (!Number.isSafeInteger(bound)) return false
  if (typeof own === 'number') return Number.isSafeInteger(own) && own % bound === 0
  const types = listedTypes(part)
  return bound === 1 && types?.includes('integer') === true && !types.includes('number')
}
