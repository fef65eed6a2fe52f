import { describe, expect, it } from 'vitest'
import { queue } from '../../builders/objects.ts'
import { checked, look, node, places, seen } from '../../builders/looks.ts'

const THREE = ['a', 'b', 'c']
const nodes = THREE.map((each) => node(each))

describe('the check of alarms', () => {
  it('names the nodes with their numbers', () => {
    const found = checked('alarm', {}, [
      look(0, {
        alarm: true,
        nodes: [node('a', { memoryAlarm: true, memoryUsed: 90, memoryLimit: 80 }), node('b', { diskAlarm: true })],
      }),
    ])

    expect(places(found)).toEqual(['error a', 'error b'])
    expect(found.symptoms[0]?.numbers).toEqual({ memoryUsed: 90, memoryLimit: 80 })
  })

  it('reports no alarm that has ended and that a node still shows', () => {
    const nodes = [node('a', { memoryAlarm: true })]

    expect(checked('alarm', {}, [look(0, { alarm: false, nodes })]).status).toBe('ok')
    const { alarm: _, ...unknown } = look(0, { nodes })
    expect(places(checked('alarm', {}, [unknown]))).toEqual(['error a'])
  })

  it('reports an alarm that no node shows yet', () => {
    expect(places(checked('alarm', {}, [look(0, { alarm: true })]))).toEqual(['error'])
    expect(checked('alarm', {}, [look(0)]).status).toBe('ok')
  })
})

describe('the check of running nodes', () => {
  it('reports a node that does not run, and a partition', () => {
    const found = checked('node-down', {}, [
      look(0, { nodes: [node('a', { running: false }), node('b', { partitions: 2 }), node('c')] }),
    ])

    expect(places(found)).toEqual(['error a', 'error b'])
  })
})

describe('the check of headroom', () => {
  const found = (more: Parameters<typeof node>[1]) =>
    checked('headroom', {}, [look(0, { nodes: [node('a', more)] })]).symptoms.map(({ numbers }) => numbers)

  it('reports memory, file descriptors and processes above four fifths of the limit', () => {
    expect(found({ memoryUsed: 80, memoryLimit: 100 })).toEqual([{ used: 80, limit: 100, percent: 80 }])
    expect(found({ filesUsed: 95, filesLimit: 100, processesUsed: 9, processesLimit: 10 })).toHaveLength(2)
    expect(found({ memoryUsed: 79, memoryLimit: 100 })).toEqual([])
  })

  it('reports less than twice the limit of free disk', () => {
    expect(found({ diskFree: 99, diskFreeLimit: 50 })).toEqual([{ diskFree: 99, diskFreeLimit: 50 }])
    expect(found({ diskFree: 100, diskFreeLimit: 50 })).toEqual([])
  })

  it('leaves alarms to their own check', () => {
    expect(found({ diskAlarm: true, diskFree: 1, diskFreeLimit: 50 })).toEqual([])
    expect(found({ memoryAlarm: true, memoryUsed: 100, memoryLimit: 80 })).toEqual([])
  })
})

describe('the check of majorities', () => {
  const QUEUES = { queues: [queue('q', { type: 'quorum' })] }
  const at = (check: string, online: readonly string[], members = THREE) =>
    checked(check, QUEUES, [look(0, { nodes, queues: { q: seen({ members, online }) } })])

  it('computes it from members, because old brokers call such a queue running', () => {
    expect(at('quorum-majority', ['a']).symptoms).toMatchObject([
      { severity: 'error', address: 'queue:%2F/q', numbers: { members: 3, online: 1 } },
    ])
    expect(at('quorum-majority', ['a', 'b']).status).toBe('ok')
    expect(at('quorum-majority', ['a'], ['a', 'b']).status).toBe('found')
  })

  it('names the nodes that must not stop', () => {
    expect(places(at('critical-node', ['a', 'b']))).toEqual(['warning a', 'warning b'])
    expect(at('critical-node', THREE).status).toBe('ok')
    expect(places(at('critical-node', ['a'], ['a']))).toEqual(['warning a'])
  })

  it('never reports the only node of a cluster as critical', () => {
    const looks = [look(0, { queues: { q: seen({ members: ['a'], online: ['a'] }) } })] as const

    expect(checked('critical-node', QUEUES, [...looks]).status).toBe('ok')
  })
})

describe('the check of leaders', () => {
  const at = (leaders: string) => {
    const names = leaders.split('').map((leader, index) => [`q${index}`, leader] as const)
    const queues = names.map(([name, leader]) => [name, seen({ leader, members: THREE, online: THREE })] as const)
    return checked('unbalanced-leaders', { queues: names.map(([name]) => queue(name, { type: 'quorum' })) }, [
      look(0, { nodes, queues: Object.fromEntries(queues) }),
    ])
  }

  it('reports a node with far more than its share', () => {
    expect(at('aaaaaabc').symptoms).toMatchObject([{ subject: 'a', numbers: { leaders: 6, total: 8, nodes: 3 } }])
  })

  it('reports nothing for an even spread or a few queues', () => {
    expect(at('aaabbc').status).toBe('ok')
    expect(at('aaa').status).toBe('ok')
  })
})
