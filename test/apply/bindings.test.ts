import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { bindingTo, groupByExchange, movedBinding, toQueue, unionOf } from '../../src/apply/bindings.ts'
import { addressOf } from '../../src/model/address.ts'
import { readSources } from '../architecture/read-sources.ts'
import { binding } from '../builders/objects.ts'

const files = await readSources(fileURLToPath(new URL('../../src', import.meta.url)))

describe('bindings in apply', () => {
  it('are read, created and removed in one file', () => {
    const requests = /\breads\.bindings\w*|\bwrites\.postBinding\b|\bdeletes\.binding\b/
    const requesting = files.filter(({ path, code }) => path.startsWith('apply/') && requests.test(code))

    expect(requesting.map(({ path }) => path)).toEqual(['apply/bindings.ts'])
  })

  it('are written into URLs only by broker/management', () => {
    const building = files.filter(({ code }) => /apiPath\(\s*'bindings'/.test(code))

    const folders = building.map(({ path }) => path.split('/').slice(0, 2).join('/'))
    expect(new Set(folders)).toEqual(new Set(['broker/management']))
  })

  it('are restored on a renamed queue with the same source, key and arguments', () => {
    const old = binding('events', 'orders', { routingKey: 'null', arguments: { weight: 2 } })

    expect(bindingTo(toQueue(old.vhost, 'purchases'), movedBinding(old))).toEqual({ ...old, destination: 'purchases' })
  })

  it('that are in both lists are kept once, regardless of the order of their arguments', () => {
    const one = { source: 'events', routingKey: 'a', arguments: { x: 1, y: 2 } }
    const same = { source: 'events', routingKey: 'a', arguments: { y: 2, x: 1 } }
    const other = { ...one, routingKey: 'b' }

    expect(unionOf([one], [same, other])).toEqual([same, other])
  })

  it('are grouped once under each exchange at their ends', () => {
    const around = binding('events', 'events', { destinationType: 'exchange' })
    const live = { address: addressOf('binding', around), binding: around, propertiesKey: '~' }

    expect([...groupByExchange([live]).values()]).toEqual([[live]])
  })
})
