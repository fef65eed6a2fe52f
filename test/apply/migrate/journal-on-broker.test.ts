import { describe, expect, it } from 'vitest'
import { JournalOnBroker } from '../../../src/apply/migrate/journal-on-broker.ts'
import type { ManagementClient } from '../../../src/broker/management/client.ts'
import { ManagementError } from '../../../src/broker/management/errors.ts'
import { NOTHING_YET, type UnfinishedMove } from '../../../src/broker/records/move-journal.ts'

interface Stored {
  readonly value: { readonly moves: readonly UnfinishedMove[] }
}

/** A broker that stores one global parameter, and answers writes when the test says so. */
function place() {
  let stored: Stored | undefined
  const requests: string[] = []
  const answers: ((error?: Error) => void)[] = []
  const write = (method: string, apply: () => void) =>
    new Promise<void>((resolve, reject) => {
      requests.push(method)
      answers.push((error) => {
        if (error) return reject(error)
        apply()
        resolve()
      })
    })
  const client = {
    get: () => {
      requests.push('GET')
      if (stored) return Promise.resolve({ name: 'journal', ...stored })
      return Promise.reject(new ManagementError({ method: 'GET', path: '/', status: 404, reason: 'Not Found' }))
    },
    put: (_path: string, body: Stored) => write('PUT', () => (stored = body)),
    delete: () => write('DELETE', () => (stored = undefined)),
  } as unknown as ManagementClient
  const journal = new JournalOnBroker(client, 'shop', '/')
  const answer = async (error?: Error) => {
    await settle()
    answers.shift()?.(error)
    await settle()
  }
  return { journal, requests, answer, names: () => stored?.value.moves.map(({ from }) => from) ?? [] }
}

const settle = () => new Promise((resolve) => setImmediate(resolve))

const move = (from: string, step: UnfinishedMove['step'] = 'fill'): UnfinishedMove => ({
  from,
  to: from,
  holding: `${from}.moving`,
  step,
  bindings: [],
  tally: NOTHING_YET,
})

describe('JournalOnBroker', () => {
  it('writes the changes that come during a write with the next one, and ends each after its own write', async () => {
    const { journal, requests, answer, names } = place()
    const ended: string[] = []
    const put = (name: string) => journal.put(move(name)).then(() => ended.push(name))
    const first = put('a')
    await settle()
    const others = [put('b'), put('c')]

    await answer()
    expect([ended, names()]).toEqual([['a'], ['a']])
    await answer()
    await Promise.all([first, ...others])

    expect([ended, names()]).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ])
    expect(requests).toEqual(['GET', 'PUT', 'PUT'])
  })

  it('reads the journal again after a write of which it is unknown whether it succeeded', async () => {
    const { journal, requests, answer, names } = place()
    const lost = journal.put(move('a')).catch((error: unknown) => error)
    await answer(new Error('no answer'))
    const next = journal.put(move('b'))
    await answer()
    await next

    expect(await lost).toEqual(new Error('no answer'))
    expect(names()).toEqual(['b'])
    expect(requests).toEqual(['GET', 'PUT', 'GET', 'PUT'])
  })

  it('finds what it has written, and deletes the journal with its last entry', async () => {
    const { journal, requests, answer } = place()
    const put = journal.put(move('a', 'empty'))
    await answer()
    await put
    expect(await journal.find('a')).toMatchObject({ step: 'empty' })
    const removed = journal.remove('a')
    await answer()
    await removed

    expect(await journal.find('a')).toBeUndefined()
    expect(requests).toEqual(['GET', 'PUT', 'DELETE'])
  })
})
