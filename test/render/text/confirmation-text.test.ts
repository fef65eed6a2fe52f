import { describe, expect, it } from 'vitest'
import { confirmationText } from '../../../src/render/text/confirmation-text.ts'
import { permission, policy, queue, topology } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'

describe('confirmationText', () => {
  it('repeats the previous values that would change, and no new ones', () => {
    const live = topology({ permissions: [permission('svc')], policies: [policy('p')] })
    const desired = topology({
      permissions: [permission('svc', { read: '^a$' })],
      policies: [policy('p', { priority: 1 })],
      queues: [queue('q')],
    })

    expect(confirmationText(planOf(live, desired))).toBe(
      [
        'These existed before and would change:',
        '  permission:%2F/svc',
        '  policy:%2F/p',
        '',
        'Apply 3 changes to rabbit@test at http://mq.test:15672? Only "yes" confirms: ',
      ].join('\n'),
    )
  })

  it('only asks if all objects are new', () => {
    expect(confirmationText(planOf(topology(), topology({ queues: [queue('q')] })))).toBe(
      'Apply 1 change to rabbit@test at http://mq.test:15672? Only "yes" confirms: ',
    )
  })
})
