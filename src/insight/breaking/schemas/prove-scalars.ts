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

/** Texts by `pattern` and `format`: only an equal one is known to be as narrow. */
export function stringImplies(keyword: string, parts: readonly SchemaTable[], value: unknown): boolean {
  return typeof value === 'string' && parts.some((part) => part[keyword] === value)
}

/** `min…` and `max…`: what is sent has a bound at least as narrow. */
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

/** Only among whole numbers, since others are rounded. */
function isMultiple(part: SchemaTable, bound: number): boolean {
  const own = part['multipleOf']
  if (own === bound) return true
  if (!Number.isSafeInteger(bound)) return false
  if (typeof own === 'number') return Number.isSafeInteger(own) && own % bound === 0
  const types = listedTypes(part)
  return bound === 1 && types?.includes('integer') === true && !types.includes('number')
}
