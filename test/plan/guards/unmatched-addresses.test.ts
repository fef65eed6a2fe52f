import { describe, expect, it } from 'vitest'
import type { PlanMode } from '../../../src/plan/plan-mode.ts'
import { binding, exchange, queue, topology, vhost } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'
import { owned, record } from '../../builders/records.ts'

const desired = topology({
  exchanges: [exchange('x')],
  queues: [queue('orders'), queue('bills')],
  bindings: [binding('x', 'orders', { routingKey: 'k' })],
})

describe('an address without * that nothing has', () => {
  const blocks = (targets: readonly string[], excludes: readonly string[] = [], mode = {}) =>
    planOf(topology(), desired, {}, { targets, excludes, ...mode }).blocks

  it('blocks the plan, because it would do something other than intended', () => {
    expect(blocks(['queue:bills'], ['queue:%2F/order'])).toEqual([
      { reason: 'unmatched-address', address: '--exclude queue:%2F/order', nearest: 'queue:%2F/orders' },
      { reason: 'unmatched-address', address: '--target queue:bills' },
    ])
  })

  it('may be one of several globs, which a note names, but not all of them', () => {
    const { blocks: found, notes } = planOf(
      topology(),
      desired,
      {},
      { targets: ['user:*', 'queue:%2F/b*'], excludes: ['queue:V/*'] },
    )

    expect([found, notes]).toEqual([
      [],
      [{ note: 'nothing-matches', options: ['--target user:*', '--exclude queue:V/*'], addresses: [] }],
    ])
    expect(planOf(topology(), desired, {}, { targets: ['user:*'] }).notes).toEqual([])
    expect(blocks(['user:*', 'queue:%2F/bils*'])).toEqual(
      ['queue:%2F/bils*', 'user:*'].map((glob) => ({
        reason: 'unmatched-address',
        address: `--target ${glob}`,
        problem: { kind: 'no-match' },
      })),
    )
    expect(blocks(['queue:%2F/bils*'], [], { prune: true })).toEqual([])
  })

  it('may be the target of a prune if the object is already deleted, with a note, but not of --exclude', () => {
    const gone = planOf(topology(), desired, {}, { targets: ['queue:%2F/old'], prune: true })
    expect([gone.blocks, gone.notes]).toEqual([[], [{ note: 'nothing-to-delete', addresses: ['queue:%2F/old'] }]])
    expect(blocks([], ['queue:%2F/old'], { prune: true })).toEqual([
      { reason: 'unmatched-address', address: '--exclude queue:%2F/old' },
    ])
  })

  it('is refused as the target of a prune that exists and has another owner or none', () => {
    const live = topology({ queues: [queue('stray')] })
    expect(planOf(live, desired, owned(record()), { targets: ['queue:%2F/stray'], prune: true }).blocks).toEqual([
      { reason: 'unmatched-address', address: '--target queue:%2F/stray', problem: { kind: 'not-owned' } },
    ])
  })
})

describe('an address given to --migrate or --allow', () => {
  const live = topology({ queues: [queue('orders'), queue('stray'), queue('theirs'), queue('lent')] })
  const files = topology({ ...desired, queues: [...desired.queues, queue('lent', { external: true })] })
  const records = owned(
    record({ owned: ['queue:%2F/orders'] }),
    record({ project: 'billing', owned: ['queue:%2F/theirs'] }),
  )
  const problems = (mode: Partial<PlanMode>) =>
    planOf(live, files, records, mode).blocks.flatMap((each) =>
      each.reason === 'unmatched-address' ? [[each.address, each.problem]] : [],
    )

  it('blocks the plan if neither the files nor the broker have the object', () => {
    const at = new Set(['queue:%2F/ordes'])

    expect(problems({ migrate: at })).toEqual([['--migrate queue:%2F/ordes', { kind: 'missing' }]])
    expect(problems({ allowReplace: at })).toEqual([['--allow replace=queue:%2F/ordes', { kind: 'missing' }]])
  })

  it('notes that the object does not exist, so that a run that has deleted it can be repeated', () => {
    const { blocks, notes } = planOf(live, files, records, { prune: true, allowDelete: new Set(['queue:%2F/gone']) })

    expect(blocks).toEqual([])
    expect(notes).toContainEqual({ note: 'nothing-to-delete', addresses: ['queue:%2F/gone'] })
  })

  it('blocks the plan where it is a glob that matches nothing to which the option applies', () => {
    const noMatch = (option: string, at: string) => [[`${option}${at}`, { kind: 'no-match' }]]

    expect(problems({ migrate: new Set(['queue:V/*']) })).toEqual(noMatch('--migrate ', 'queue:V/*'))
    expect(problems({ migrate: new Set(['queue:%2F/l*']) })).toEqual(noMatch('--migrate ', 'queue:%2F/l*'))
    expect(problems({ allowReplace: new Set(['binding:*']) })).toEqual(noMatch('--allow replace=', 'binding:*'))
    expect(problems({ allowCreate: new Set(['queue:*']) })).toEqual(noMatch('--allow create=', 'queue:*'))
    expect(problems({ allowDelete: new Set(['queue:%2F/stray*']) })).toEqual(
      noMatch('--allow delete=', 'queue:%2F/stray*'),
    )
  })

  it('notes a glob of a prune that matches nothing, so that a run that has deleted everything can be repeated', () => {
    const { blocks, notes } = planOf(live, files, records, { prune: true, allowDelete: new Set(['queue:%2F/gone*']) })

    expect(blocks).toEqual([])
    expect(notes).toContainEqual({
      note: 'nothing-matches',
      options: ['--allow delete=queue:%2F/gone*'],
      addresses: [],
    })
  })

  it('blocks a prune, too, that may delete a virtual host to which the files only refer', () => {
    const referring = topology({ vhosts: [vhost('/', { claimed: false })] })
    const at = new Set(['vhost:%2F'])

    expect(planOf(topology(), referring, owned(record()), { prune: true, allowDelete: at }).blocks).toContainEqual({
      reason: 'unmatched-address',
      address: '--allow delete=vhost:%2F',
      problem: { kind: 'vhost-not-managed' },
    })
  })

  it('blocks the plan where the object cannot be replaced', () => {
    expect(problems({ migrate: new Set(['queue:%2F/lent', 'queue:%2F/stray']) })).toEqual([
      ['--migrate queue:%2F/lent', { kind: 'external' }],
      ['--migrate queue:%2F/stray', { kind: 'not-declared' }],
    ])
    expect(problems({ allowReplace: new Set(['binding:%2F/x/queue/orders/k']) })).toEqual([
      ['--allow replace=binding:%2F/x/queue/orders/k', { kind: 'not-replaceable' }],
    ])
  })

  it('blocks the plan where the project does not own what may be deleted', () => {
    expect(problems({ prune: true, allowDelete: new Set(['queue:%2F/stray', 'queue:%2F/theirs']) })).toEqual([
      ['--allow delete=queue:%2F/stray', { kind: 'not-owned' }],
      ['--allow delete=queue:%2F/theirs', { kind: 'not-owned', project: 'billing' }],
    ])
  })

  it('blocks a destroy that may delete a virtual host to which the files only refer', () => {
    const referring = topology({ vhosts: [vhost('/', { claimed: false })] })

    expect(
      planOf(topology(), referring, owned(record()), { destroy: true, allowDelete: new Set(['vhost:%2F']) }),
    ).toMatchObject({
      blocks: [
        {
          reason: 'unmatched-address',
          address: '--allow delete=vhost:%2F',
          problem: { kind: 'vhost-not-managed' },
        },
      ],
    })
  })

  it('is accepted where its object needs no step any more, so that the same command can be run again', () => {
    const at = new Set(['queue:%2F/orders'])

    expect(problems({ migrate: at, allowReplace: at })).toEqual([])
    expect(problems({ migrate: new Set(['queue:%2F/or*']) })).toEqual([])
    expect(problems({ prune: true, allowDelete: at })).toEqual([])
  })

  it('is accepted for the old and the new name of a queue that is renamed', () => {
    const renamed = topology({ queues: [queue('orders.new', { renamedFrom: 'orders' })] })
    const at = new Set(['queue:%2F/orders', 'queue:%2F/orders.new'])

    expect(planOf(live, renamed, records, { migrate: at, allowReplace: at }).blocks).toEqual([])
  })
})
