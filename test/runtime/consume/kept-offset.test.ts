import { describe, expect, it } from 'vitest'
import { SecretRegistry } from '../../../src/model/secrets/secret-registry.ts'
import { KeptOffset } from '../../../src/runtime/consume/kept-offset.ts'
import { consumeSettings } from '../../../src/runtime/consume/consume-options.ts'
import { StreamPosition } from '../../../src/runtime/consume/stream-position.ts'
import { RuntimeEmitter } from '../../../src/runtime/events/runtime-events.ts'
import type { OffsetStore } from '../../../src/runtime/offsets/index.ts'
import { subscription } from '../routes.ts'

const log = subscription({ name: 'audit log', vhost: '/shop', queue: 'log', queueType: 'stream' })
const at = (offset: number) => ({ 'x-stream-offset': offset })

/** An offset that is kept in memory, and the failures of its store. */
function kept(store: Partial<OffsetStore> = {}) {
  const offsets = new Map<string, number>()
  const position = new StreamPosition({ kind: 'first' })
  const events = new RuntimeEmitter(new SecretRegistry())
  const failures: string[] = []
  events.on('offsetsFailed', ({ error }) => failures.push(error.message))
  const inMemory: OffsetStore = {
    read: (name) => Promise.resolve(offsets.get(name)),
    write: (name, next) => Promise.resolve(void offsets.set(name, next)),
    ...store,
  }
  return { offsets, position, failures, offset: new KeptOffset(inMemory, log, position, events) }
}

const NAME = '%2Fshop/log/audit%20log'

describe('KeptOffset', () => {
  it('lets a subscription begin with the first message that is not handled', async () => {
    const { offsets, offset, position } = kept()
    offsets.set(NAME, 7)
    await offset.read()
    expect(position.begin()).toBe(7)
  })

  it('lets a subscription begin where it is declared when nothing is kept', async () => {
    const { offset, position } = kept()
    await offset.read()
    expect(position.begin()).toBe('first')
  })

  it('keeps the first message that is not handled, although later ones are', async () => {
    const { offsets, offset, position } = kept()
    await offset.read()
    position.begin()
    for (const each of [0, 1, 2, 3]) position.received(at(each))
    for (const each of [0, 1, 3]) position.settled(at(each))

    await offset.end()

    expect([...offsets]).toEqual([[NAME, 2]])
  })

  it('writes nothing when there is no progress', async () => {
    const { offsets, offset, position } = kept()
    await offset.read()
    position.begin()
    await offset.end()
    expect(offsets.size).toBe(0)
  })

  it.each([
    ['rejects', () => Promise.reject(new Error('no connection'))],
    [
      'throws',
      () => {
        throw new Error('no connection')
      },
    ],
  ])('does not begin elsewhere when the store %s', async (_how, read) => {
    const { offset } = kept({ read })
    await expect(offset.read()).rejects.toMatchObject({
      code: 'OFFSETS_UNAVAILABLE',
      message: 'the offset of subscription "audit log" cannot be read: no connection',
    })
  })

  it.each([Number.NaN, -1, 1.5])('does not begin at %s', async (answer) => {
    const { offset } = kept({ read: () => Promise.resolve(answer) })
    await expect(offset.read()).rejects.toMatchObject({ code: 'OFFSETS_UNAVAILABLE' })
  })

  it('reports a store that does not accept the offset, and continues', async () => {
    const { failures, offset, position } = kept({ write: () => Promise.reject(new Error('read only')) })
    await offset.read()
    position.received(at(0))
    position.settled(at(0))
    await offset.end()
    expect(failures).toEqual(['read only'])
  })
})

describe('the option offsets', () => {
  const offsets: OffsetStore = { read: () => Promise.resolve(undefined), write: () => Promise.resolve() }

  it('is refused for a queue that is not a stream', () => {
    expect(() => consumeSettings(subscription(), { offsets })).toThrow('the queue "email" is not a stream')
  })

  it('treats a queue of unknown type as a stream', () => {
    const { queueType: _unknown, ...external } = subscription()
    expect(consumeSettings(external, { offsets })).toMatchObject({ isStream: true, concurrency: 1 })
  })
})
