import { describe, expect, it } from 'vitest'
import { readDefinitions } from '../../../src/broker/live/read-definitions.ts'
import { isBuiltInExchange } from '../../../src/model/built-in-exchange.ts'
import { BROKER_CASES } from '../../builders/definitions/broker-cases.ts'
import { PROJECT_CASES } from '../../builders/definitions/project-cases.ts'

/** The sections of a file, and the part of a topology into which their entries are read. */
const SECTIONS = ['exchanges', 'queues', 'bindings', 'policies', 'users', 'permissions'] as const

describe('readDefinitions: files modeled on public ones', () => {
  it.each([...BROKER_CASES, ...PROJECT_CASES])('reads every object of a file that has $has', ({ file, after }) => {
    const read = readDefinitions(JSON.parse(JSON.stringify(file)), { path: after, vhosts: ['/'] })

    expect(read).not.toHaveProperty('finding')
    if ('finding' in read) return
    const { topology } = read.live
    const found = SECTIONS.map((section) => [section, topology[section].filter(isExported).length])
    const listed = SECTIONS.map((section) => [section, entries(file, section).filter(isExported).length])
    expect(found).toEqual(listed)
    const vhosts = new Set(SECTIONS.flatMap((section) => entries(file, section).flatMap(({ vhost }) => vhost ?? [])))
    expect(topology.vhosts.map(({ name }) => name)).toEqual(expect.arrayContaining([...vhosts]))
  })
})

interface Entry {
  readonly name?: string
  readonly vhost?: string
}

function entries(file: Readonly<Record<string, unknown>>, section: string): readonly Entry[] {
  return (file[section] ?? []) as Entry[]
}

/** Whether an object is not one of the broker's own, such as its exchanges, which no file lists. */
function isExported(object: object): boolean {
  return !('name' in object && typeof object.name === 'string' && isBuiltInExchange(object.name))
}
