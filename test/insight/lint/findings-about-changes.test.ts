import { describe, expect, it } from 'vitest'
import { findingsAboutChanges } from '../../../src/insight/lint/findings-about-changes.ts'
import type { LintFinding } from '../../../src/insight/lint/lint.ts'
import type { Topology } from '../../../src/model/topology.ts'
import { binding, exchange, queue, topology } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'
import { publication, subscription } from '../../builders/routes.ts'

const at = (line: number, column = 3) => ({ file: 'topology.yaml', line, column })

function finding(rule: string, about: Pick<LintFinding, 'address' | 'location'>): LintFinding {
  return { rule, severity: 'warning', message: rule, page: '', meaning: '', remedy: '', ...about }
}

function rulesAbout(
  live: Partial<Topology>,
  desired: Partial<Topology>,
  findings: readonly LintFinding[],
  routes: Parameters<typeof findingsAboutChanges>[2]['routes'] = { publications: [], subscriptions: [] },
) {
  const { changes } = planOf(topology(live), topology(desired))
  return findingsAboutChanges(findings, changes, { topology: topology(desired), routes }).map(({ rule }) => rule)
}

const OLD = queue('old', { origin: at(4) })
const NEW = queue('new', { origin: at(8) })

describe('findings about changed objects', () => {
  it('are those with the address of a change', () => {
    const found = [finding('a', { address: 'queue:%2F/new' }), finding('b', { address: 'queue:%2F/old' })]

    expect(rulesAbout({ queues: [OLD] }, { queues: [OLD, NEW] }, found)).toEqual(['a'])
    expect(rulesAbout({ queues: [OLD, NEW] }, { queues: [OLD, NEW] }, found)).toEqual([])
  })

  it('are those within the declaration of a changed object, without an address', () => {
    const found = [4, 7, 8, 9, 2].map((line) => finding(`line ${line}`, { location: at(line, 9) }))

    expect(rulesAbout({ queues: [OLD] }, { queues: [OLD, NEW] }, found)).toEqual(['line 8', 'line 9'])
    expect(
      rulesAbout({}, { queues: [OLD] }, [finding('elsewhere', { location: { ...at(9), file: 'b.yaml' } })]),
    ).toEqual([])
  })

  it('include those about a publication whose exchange leads elsewhere, and about a subscription of a changed queue', () => {
    const routes = {
      publications: [
        publication('p', { exchange: 'events', routingKey: 'a', origin: at(20) }),
        publication('other', { exchange: 'others', routingKey: 'a', origin: at(21) }),
      ],
      subscriptions: [subscription('new', { origin: at(22) }), subscription('old', { origin: at(23) })],
    }
    const found = [20, 21, 22, 23].map((line) => finding(`line ${line}`, { location: at(line) }))
    const exchanges = [exchange('events', { origin: at(1) }), exchange('others', { origin: at(2) })]
    const live = { exchanges, queues: [OLD], bindings: [] }
    const desired = { exchanges, queues: [OLD, NEW], bindings: [binding('events', 'new', { routingKey: 'a' })] }

    expect(rulesAbout(live, desired, found, routes)).toEqual(['line 20', 'line 22'])
    expect(rulesAbout(desired, desired, found, routes)).toEqual([])
  })

  it('leave out findings without a position and an object', () => {
    expect(rulesAbout({}, { queues: [NEW] }, [finding('unused-ignore', {})])).toEqual([])
  })
})
