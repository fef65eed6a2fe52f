import { describe, expect, it } from 'vitest'
import { declaredBy } from '../../builders/frameworks/declarations.ts'
import { rascal } from '../../builders/frameworks/rascal.ts'
import { queue, topology } from '../../builders/objects.ts'
import { recognized } from './recognized.ts'

describe('recognizeFrameworks: rascal', () => {
  it('recognizes reply queues as infrastructure', () => {
    expect(recognized(declaredBy(rascal('registration')), 'infrastructure')).toEqual([
      'queue:%2F/replies:3b241101-e2bb-4255-8caf-4136c566a962: rascal, reply queue',
    ])
  })

  it('recognizes namespaces, and ignores the objects of a service', () => {
    expect(recognized(declaredBy(rascal('registration')), 'application')).toEqual([
      'exchange:%2F/3b241101-e2bb-4255-8caf-4136c566a962:service: rascal, namespace',
      'queue:%2F/3b241101-e2bb-4255-8caf-4136c566a962:registration:user:save: rascal, namespace',
    ])
  })

  it('ignores durable queues of tenants that are named like reply queues', () => {
    const queues = [queue('tenant:3b241101-e2bb-4255-8caf-4136c566a962')]

    expect(recognized(topology({ queues }), 'infrastructure')).toEqual([])
  })
})
