import { finding, type Finding } from '../../diagnostics/findings/finding.ts'
import type { Location } from '../../diagnostics/location.ts'
import type { Arguments } from '../../model/arguments.ts'
import { parseDuration } from '../../model/values/duration.ts'
import type { Places } from '../source/places.ts'
import { isTable, type Table, type Tree } from '../source/tree.ts'
import type { DeclaredTest, Expectation, Named, PublishTarget, RightsOfTest, TestSubject } from './declared-test.ts'

const SUBJECTS = ['publish', 'fail', 'expire', 'user'] as const

/** The expectations that each subject can have. */
const EXPECTATIONS: Readonly<Record<(typeof SUBJECTS)[number], readonly string[]>> = {
  publish: ['reaches', 'returned', 'lost'],
  fail: ['passes', 'endsIn', 'lost'],
  expire: ['endsIn', 'lost'],
  user: ['can', 'cannot'],
}

const ALL_EXPECTATIONS = [...new Set(Object.values(EXPECTATIONS).flat())]

/** Converts tables that match the schema to tests. */
export class TestReader {
  readonly #places: Places
  readonly #report: (found: Finding) => void

  constructor(places: Places, report: (found: Finding) => void) {
    this.#places = places
    this.#report = report
  }

  read(root: Table): DeclaredTest[] {
    const { tests } = root
    if (!isTable(tests)) return []
    return Object.entries(tests).flatMap(([name, table]) => {
      if (!isTable(table)) return []
      const location = this.#places.locate(tests, name)
      const subject = this.#subject(name, table, location)
      const expectation = subject && this.#expectation(name, table, subject, location)
      const { brokerVersion } = table
      if (subject === undefined || expectation === undefined) return []
      return [{ name, location, ...(typeof brokerVersion === 'string' && { brokerVersion }), subject, expectation }]
    })
  }

  #subject(name: string, table: Table, location: Location): TestSubject | undefined {
    const [kind, ...others] = SUBJECTS.filter((each) => Object.hasOwn(table, each))
    if (kind === undefined || others.length > 0) {
      this.#report(
        finding('test-subject', { test: name, found: SUBJECTS.filter((each) => Object.hasOwn(table, each)) }, location),
      )
      return undefined
    }
    if (kind === 'user') return { kind, user: this.#named(table, 'user'), ...this.#vhostOf(table) }
    const value = table[kind]
    if (!isTable(value)) return undefined
    const vhost = Object.hasOwn(value, 'vhost') ? this.#vhostOf(value) : this.#vhostOf(table)
    if (kind === 'fail') return { kind, subscription: this.#named(value, 'subscription'), ...vhost }
    if (kind === 'expire') {
      const { routingKey } = value
      return {
        kind,
        queue: this.#named(value, 'queue'),
        ...(typeof routingKey === 'string' && { routingKey }),
        ...vhost,
      }
    }
    const to = this.#target(name, value)
    const { headers, mandatory, body } = value
    return (
      to && {
        kind,
        to,
        ...(isTable(headers) && { headers: headers as Arguments }),
        ...(typeof mandatory === 'boolean' && { mandatory }),
        ...(body !== undefined && { body }),
        ...vhost,
      }
    )
  }

  #target(test: string, value: Table): PublishTarget | undefined {
    const hasBoth = Object.hasOwn(value, 'publication') === Object.hasOwn(value, 'exchange')
    const needless = Object.hasOwn(value, 'publication') && Object.hasOwn(value, 'routingKey')
    if (hasBoth || needless) {
      this.#report(finding('test-publish', { test }, this.#places.locate(value)))
      return undefined
    }
    const { routingKey, parameters } = value
    if (Object.hasOwn(value, 'exchange')) {
      return { exchange: this.#named(value, 'exchange'), routingKey: typeof routingKey === 'string' ? routingKey : '' }
    }
    const words = isTable(parameters) ? Object.entries(parameters).map(([key, word]) => [key, textOf(word)]) : []
    return {
      publication: this.#named(value, 'publication'),
      parameters: Object.fromEntries(words) as Record<string, string>,
    }
  }

  #expectation(test: string, table: Table, { kind }: TestSubject, location: Location): Expectation | undefined {
    const found = ALL_EXPECTATIONS.filter((each) => Object.hasOwn(table, each))
    const fitting = EXPECTATIONS[kind]
    const wrong = (): undefined => {
      this.#report(finding('test-expectation', { test, subject: kind, found, fitting }, location))
    }
    if (found.length === 0 || found.some((each) => !fitting.includes(each))) return wrong()
    if (kind === 'user') {
      return { kind: 'rights', can: this.#rights(table['can']), cannot: this.#rights(table['cannot']) }
    }
    const passes = this.#durations(test, table)
    const [end, ...others] = found.filter((each) => each !== 'passes')
    if (others.length > 0) return wrong()
    switch (end) {
      case 'reaches': {
        const { reaches } = table
        if (isTable(reaches)) return { kind: 'one-of', queues: this.#list(reaches, 'oneOf') }
        return { kind: 'reaches', queues: this.#list(table, 'reaches') }
      }
      case 'returned':
        return { kind: 'returned' }
      case 'lost':
        return { kind: 'lost', ...(passes && { passes }) }
      case 'endsIn':
        return { kind: 'ends-in', queues: this.#list(table, 'endsIn'), ...(passes && { passes }) }
      case undefined:
        return passes && { kind: 'passes', passes }
      default:
        return undefined
    }
  }

  #durations(test: string, table: Table): number[] | undefined {
    const { passes } = table
    if (!Array.isArray(passes)) return undefined
    return passes.flatMap((each, index) => {
      const duration = parseDuration(textOf(each))
      if (duration !== undefined && duration >= 0) return [duration]
      this.#report(
        finding('test-duration', { test, written: textOf(each) }, this.#places.locate(passes, index, 'value')),
      )
      return []
    })
  }

  #rights(rights: Tree | undefined): RightsOfTest {
    if (!isTable(rights)) return { publish: [], consume: [] }
    return { publish: this.#list(rights, 'publish'), consume: this.#list(rights, 'consume') }
  }

  #vhostOf(table: Table): { readonly vhost?: Named } {
    return Object.hasOwn(table, 'vhost') ? { vhost: this.#named(table, 'vhost') } : {}
  }

  #named(table: Table, key: string): Named {
    return { name: textOf(table[key]), location: this.#places.locate(table, key, 'value') }
  }

  /** A name, or a list of names. */
  #list(table: Table, key: string): Named[] {
    const value = table[key]
    if (value === undefined) return []
    if (!Array.isArray(value)) return [this.#named(table, key)]
    return value.map((each, index) => ({ name: textOf(each), location: this.#places.locate(value, index, 'value') }))
  }
}

/** A name, a word or a duration; the schema allows nothing else here. */
function textOf(value: Tree | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
