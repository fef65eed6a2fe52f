import { uriProblem } from '../amqp/amqp-uri-problem.ts'
import { isAtLeast } from '../broker-version.ts'
import { type ParameterKey, parameterKeys, SHOVEL_PROTOCOLS, type ShovelProtocol } from './parameter-keys.ts'
import { satisfiesRule, type ValueRule } from './value-rule.ts'
import { isTable } from '../values/table.ts'

/** Why a broker refuses the value of a parameter. */
export type ParameterProblem =
  | { readonly kind: 'value'; readonly expected: ValueRule }
  /** Why it is not a URI; contains no part of it. */
  | { readonly kind: 'uri'; readonly reason: string }
  /** `since`: the first version with the key; absent if no known version has it. */
  | { readonly kind: 'unknown'; readonly since?: string }
  /** The key belongs to an end of a shovel with another protocol. */
  | { readonly kind: 'other-protocol'; readonly end: 'src' | 'dest'; readonly protocol: ShovelProtocol }
  /** One of these keys is needed. */
  | { readonly kind: 'missing'; readonly keys: readonly string[] }
  | { readonly kind: 'excludes'; readonly other: string }

/** A problem, with its path inside the value: a key, or an index and a key. */
export interface PlacedProblem {
  readonly path: readonly (string | number)[]
  readonly problem: ParameterProblem
}

/** The first version that the tables do not cover; it may have other keys. */
const AFTER_NEWEST = '4.4.0'

/**
 * rabbit_shovel_parameters: from these releases on, AMQP 1.0 has no `queue-length`, and no number together with
 * no-ack.
 */
const NO_QUEUE_LENGTH_ON_10_SINCE = '4.1.4'
const NO_NUMBER_ON_10_SINCE = '4.2.0'
const DELETE_AFTER_ON_10: ValueRule = {
  form: 'either',
  rules: [
    { form: 'integer', minimum: 0 },
    { form: 'one-of', values: ['never'] },
  ],
}

type Table = Readonly<Record<string, unknown>>

/**
 * Checks the value of a parameter against the tables. For an unknown component, nothing is reported.
 *
 * @param value with secrets replaced by their texts
 * @param version the version of the broker; if it is absent, only problems of every version are reported
 */
export function parameterProblems(component: string, value: unknown, version?: string): PlacedProblem[] {
  const keys = parameterKeys(component)
  if (keys === undefined) return []
  if (component !== 'federation-upstream-set') return tableProblems(keys, value, component, version)
  if (!Array.isArray(value))
    return isTable(value) && Object.keys(value).length === 0 ? [] : [notA('a list of upstreams')]
  return value.flatMap((each, index) =>
    tableProblems(keys, each, component, version).map(({ path, problem }) => ({ path: [index, ...path], problem })),
  )
}

function notA(what: string): PlacedProblem {
  return { path: [], problem: { kind: 'value', expected: { form: 'table', what, others: { form: 'any' } } } }
}

function tableProblems(
  keys: readonly ParameterKey[],
  value: unknown,
  component: string,
  version: string | undefined,
): PlacedProblem[] {
  const table = Array.isArray(value) && value.length === 0 ? {} : value
  if (!isTable(table)) return [notA('a table of properties')]
  const here = keys.filter((row) => isOfProtocol(row, table, version))
  const missing = here
    .filter(({ key, required, end, protocols }) => {
      const isOpen = end !== undefined && protocols !== undefined && protocolOf(table, end) === undefined
      return required && !isOpen && !Object.hasOwn(table, key)
    })
    .map(({ key }): PlacedProblem => ({ path: [], problem: { kind: 'missing', keys: [key] } }))
  return [
    ...Object.keys(table).flatMap((key): PlacedProblem[] => {
      const problem = keyProblem(key, table, here, keys, version)
      return problem === undefined ? [] : [{ path: [key], problem }]
    }),
    ...missing,
    ...(component === 'shovel' ? shovelProblems(table, version) : []),
  ]
}

function keyProblem(
  key: string,
  table: Table,
  here: readonly ParameterKey[],
  all: readonly ParameterKey[],
  version: string | undefined,
): ParameterProblem | undefined {
  const row = here.find((each) => each.key === key)
  if (row === undefined) return notHere(key, table, all, version)
  if (version !== undefined && row.since !== undefined && !isAtLeast(version, row.since)) {
    return { kind: 'unknown', since: row.since }
  }
  if (version !== undefined && row.removedIn !== undefined && isAtLeast(version, row.removedIn))
    return { kind: 'unknown' }
  if (row.excludes !== undefined && Object.hasOwn(table, row.excludes)) return { kind: 'excludes', other: row.excludes }
  return valueProblem(row, table[key], version)
}

function notHere(
  key: string,
  table: Table,
  all: readonly ParameterKey[],
  version: string | undefined,
): ParameterProblem | undefined {
  if (version !== undefined && isAtLeast(version, AFTER_NEWEST)) return undefined
  const { end, protocols } = all.find((each) => each.key === key) ?? {}
  const protocol = end && protocolOf(table, end)
  if (end === undefined || protocol === undefined || protocols === undefined) return { kind: 'unknown' }
  const since = protocols[protocol]
  return since === undefined ? { kind: 'other-protocol', end, protocol } : { kind: 'unknown', since }
}

function valueProblem(row: ParameterKey, value: unknown, version: string | undefined): ParameterProblem | undefined {
  const rules = parameterValueRules(row, version)
  const newest = rules.at(-1)
  if (newest === undefined || rules.some((rule) => satisfiesRule(rule, value))) return undefined
  if (newest.form !== 'uris') return { kind: 'value', expected: newest }
  const reason = (Array.isArray(value) ? value : [value])
    .map((each) => (typeof each === 'string' ? uriProblem(each) : undefined))
    .find((each) => each !== undefined)
  return reason === undefined ? { kind: 'value', expected: newest } : { kind: 'uri', reason }
}

/** The rule for the value of a key in a version; without a version, the rules of all versions. */
export function parameterValueRules({ value, valueBefore }: ParameterKey, version?: string): readonly ValueRule[] {
  if (valueBefore === undefined) return [value]
  if (version === undefined) return [valueBefore.value, value]
  return [isAtLeast(version, valueBefore.version) ? value : valueBefore.value]
}

function shovelProblems(table: Table, version: string | undefined): PlacedProblem[] {
  const source = protocolOf(table, 'src')
  const problems: PlacedProblem[] = []
  if (
    source !== undefined &&
    source !== 'amqp10' &&
    !['src-queue', 'src-exchange'].some((key) => Object.hasOwn(table, key))
  ) {
    problems.push({ path: [], problem: { kind: 'missing', keys: ['src-queue', 'src-exchange'] } })
  }
  const after = ['src-delete-after', 'delete-after'].find((key) => Object.hasOwn(table, key))
  if (after === undefined) return problems
  const isOn10From = (since: string) => source === 'amqp10' && version !== undefined && isAtLeast(version, since)
  const excludesNumber = source !== 'amqp10' || isOn10From(NO_NUMBER_ON_10_SINCE)
  if (table['ack-mode'] === 'no-ack' && excludesNumber && typeof table[after] === 'number') {
    problems.push({ path: ['ack-mode'], problem: { kind: 'excludes', other: `a number for ${after}` } })
  }
  if (isOn10From(NO_QUEUE_LENGTH_ON_10_SINCE) && table[after] === 'queue-length') {
    problems.push({ path: [after], problem: { kind: 'value', expected: DELETE_AFTER_ON_10 } })
  }
  return problems
}

/** Undefined if the protocol does not exist. */
function protocolOf(table: Table, end: 'src' | 'dest'): ShovelProtocol | undefined {
  const written = Object.hasOwn(table, `${end}-protocol`) ? table[`${end}-protocol`] : 'amqp091'
  return SHOVEL_PROTOCOLS.find((each) => each === written)
}

function isOfProtocol({ end, protocols }: ParameterKey, table: Table, version: string | undefined): boolean {
  if (end === undefined || protocols === undefined) return true
  const protocol = protocolOf(table, end)
  // The unknown protocol itself is reported, and it is open which keys it has.
  if (protocol === undefined) return true
  const since = protocols[protocol]
  return since !== undefined && (version === undefined || isAtLeast(version, since))
}
