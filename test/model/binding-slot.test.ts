import { describe, expect, it } from 'vitest'
import { slotOf, slotRuleOf, slotRuleOfType } from '../../src/model/binding-slot.ts'
import { binding } from '../builders/objects.ts'

describe('the slot of a binding', () => {
  it('depends on the x-delayed-type of a delayed exchange', () => {
    expect(slotRuleOfType('x-jms-topic')).toBe('destination-and-key')
    expect(slotRuleOf({ type: 'x-delayed-message', arguments: { 'x-delayed-type': 'x-jms-topic' } })).toBe(
      'destination-and-key',
    )
    expect(slotRuleOf({ type: 'topic', arguments: { 'x-delayed-type': 'x-jms-topic' } })).toBeUndefined()
    expect(slotRuleOfType('constructor')).toBeUndefined()
  })

  it('is shared on an x-jms-topic exchange by bindings of one destination and key, whatever their selectors', () => {
    const selecting = (routingKey: string, selector: string) =>
      slotOf(
        'destination-and-key',
        binding('topics', 'mail', { routingKey, arguments: { rjms_erlang_selector: selector } }),
      )

    expect(selecting('orders', 'one')).toBe(selecting('orders', 'other'))
    expect(selecting('orders', 'one')).not.toBe(selecting('returns', 'one'))
  })

  it('is shared on an x-consistent-hash exchange by bindings of one destination, whatever their weights', () => {
    const weighing = (queue: string, weight: string) =>
      slotOf('destination', binding('ring', queue, { routingKey: weight }))

    expect(weighing('a', '1')).toBe(weighing('a', '3'))
    expect(weighing('a', '1')).not.toBe(weighing('b', '1'))
  })
})
