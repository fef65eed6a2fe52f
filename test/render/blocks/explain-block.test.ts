import { describe, expect, it } from 'vitest'
import type { Block } from '../../../src/plan/block.ts'
import { explainBlock } from '../../../src/render/blocks/explain-block.ts'

/** One address of each kind that ownership can block, and whether files can declare it with `external: true`. */
const ADDRESSES: readonly (readonly [address: string, external: boolean])[] = [
  ['exchange:%2F/events', true],
  ['queue:%2F/orders', true],
  ['user:ann', true],
  ['vhost:%2F', false],
  ['binding:%2F/events/queue/orders/key', false],
  ['policy:%2F/ttl', false],
  ['operator-policy:%2F/cap', false],
  ['permission:%2F/ann', false],
  ['topic-permission:%2F/ann/events', false],
  ['parameter:%2F/shovel/move', false],
  ['global-parameter:cluster_tags', false],
]

function blocksOf(address: string): Block[] {
  return [
    { reason: 'not-owned', address },
    { reason: 'foreign-owner', address, project: 'billing' },
    { reason: 'adopted', address },
  ]
}

describe('explainBlock', () => {
  it.each(ADDRESSES)('proposes external: true only for kinds that have it: %s, %s', (address, external) => {
    for (const block of blocksOf(address)) {
      expect(`${block.reason} ${explainBlock(block).join('\n').includes('external: true')}`).toBe(
        `${block.reason} ${external}`,
      )
    }
  })
})
