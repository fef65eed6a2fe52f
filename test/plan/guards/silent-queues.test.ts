import { describe, expect, it } from 'vitest'
import { explainBlock } from '../../../src/render/blocks/explain-block.ts'
import { noteText } from '../../../src/render/text/notes-text.ts'
import { queue, topology, vhost } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'

const AT = 'queue:%2F/work'
const both = topology({ vhosts: [vhost('/', { claimed: true })], queues: [queue('work', { type: 'quorum' })] })

describe('a declared queue that does not answer', () => {
  it('is noted where it has lost the majority of its members', () => {
    const lostMajority = new Map([
      [AT, { members: 3, online: 1 }],
      ['queue:%2F/undeclared', { members: 1, online: 0 }],
    ])

    const { blocks, notes } = planOf(both, both, { lostMajority })

    expect({ blocks, notes }).toEqual({
      blocks: [],
      notes: [{ note: 'majority-lost', members: 3, online: 1, addresses: [AT] }],
    })
    expect(notes.map(noteText)).toEqual([
      `${AT} accepts and delivers no message: 1 of its 3 members is online; start the nodes of the others, or, if its members were never started, delete it and run the command again`,
    ])
  })

  it('blocks the plan where a stopped run was declaring it', () => {
    const because = '0 of its 1 members are online'

    const { blocks, notes } = planOf(both, both, {
      lostMajority: new Map([[AT, { members: 1, online: 0 }]]),
      halfDeclared: new Map([[AT, because]]),
    })

    expect({ blocks, notes }).toEqual({ blocks: [{ reason: 'half-declared', address: AT, because }], notes: [] })
    expect(blocks.flatMap(explainBlock).at(-1)).toMatch(/rabbitmqctl delete_queue -p \/ work$/)
  })
})
