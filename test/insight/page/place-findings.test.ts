import { describe, expect, it } from 'vitest'
import { makeGraph } from '../../../src/insight/graph/make-graph.ts'
import type { LintFinding } from '../../../src/insight/lint/lint.ts'
import { placeFindings } from '../../../src/insight/page/place-findings.ts'
import { routedTopology } from '../../../src/insight/page/routed-topology.ts'
import { routedVhosts } from '../../../src/insight/routing/routed-vhost.ts'
import { addressOf } from '../../../src/model/address.ts'
import type { Routes } from '../../../src/model/routes.ts'
import type { Topology } from '../../../src/model/topology.ts'
import { binding, exchange, queue, topology } from '../../builders/objects.ts'
import { publication, subscription } from '../../builders/routes.ts'

type About = Pick<LintFinding, 'address' | 'location'>

function placesOf(abouts: readonly About[], objects: Partial<Topology>, given: Partial<Routes> = {}) {
  const routes = { publications: [], subscriptions: [], ...given }
  const vhosts = routedVhosts(topology(objects), routes, { version: '4.3.6', usersKnown: true })
  const graph = makeGraph(vhosts, { ownerById: new Map() })
  const finding = { rule: 'r', severity: 'warning', message: '', meaning: '', remedy: '', page: '' } as const
  const findings = abouts.map((about) => ({ ...finding, ...about }))
  return placeFindings(findings, graph, { routed: routedTopology(vhosts, '4.3.6'), routes }).map(({ node }) => node)
}

describe('placeFindings', () => {
  it('places a finding at its queue or exchange, and one about a binding at the exchange of the binding', () => {
    const bound = binding('events', 'q', { routingKey: 'a' })
    const abouts = [
      { address: 'queue:%2F/q' },
      { address: 'exchange:%2F/events' },
      { address: addressOf('binding', bound) },
      { address: 'user:guest' },
    ]

    expect(placesOf(abouts, { exchanges: [exchange('events')], queues: [queue('q')], bindings: [bound] })).toEqual([
      'queue:%2F/q',
      'exchange:%2F/events',
      'exchange:%2F/events',
      undefined,
    ])
  })

  it('places a finding without an object at the route that is declared at its position', () => {
    const at = (line: number) => ({ file: 'topology.yaml', line, column: 3 })
    const routes = {
      publications: [publication('paid', { exchange: 'events', origin: at(7) })],
      subscriptions: [{ ...subscription('q'), name: 'worker', origin: at(9) }],
    }
    const objects = { exchanges: [exchange('events')], queues: [queue('q')] }

    expect(placesOf([{ location: at(9) }, { location: at(7) }, { location: at(8) }, {}], objects, routes)).toEqual([
      'subscription:%2F/worker',
      'publication:%2F/paid',
      undefined,
      undefined,
    ])
  })
})
