import { describe, expect, it } from 'vitest'
import { recognizeFrameworks } from '../../../src/insight/frameworks/recognize-frameworks.ts'
import { existingBroker } from '../../builders/frameworks/existing-broker.ts'

describe('recognizeFrameworks: a broker that grew over years', () => {
  it('is of the size of a busy broker', () => {
    const { queues, exchanges, bindings } = existingBroker()

    expect([queues.length, exchanges.length, bindings.length]).toEqual([184, 133, 332])
  })

  it('finds each framework with typical objects, and nothing in other objects', () => {
    const broker = existingBroker()
    const recognized = recognizeFrameworks(broker)

    expect([...new Set([...recognized.values()].map(({ framework }) => framework))].toSorted()).toEqual([
      'Celery',
      'Laravel',
      'MassTransit',
      'NServiceBus',
      'Sneakers',
      'Spring Cloud Stream',
      'Symfony Messenger',
      'rascal',
    ])
    const handMade = /^(?:exchange|queue):%2F\/(?:team|orders|refunds|invoices|returns)/
    expect([...recognized.keys()].filter((address) => handMade.test(address))).toEqual([])
  })
})
