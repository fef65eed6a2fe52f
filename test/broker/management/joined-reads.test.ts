import { describe, expect, it } from 'vitest'
import { joinedRead } from '../../../src/broker/management/joined-reads.ts'

/** A read that the test answers. */
function reader() {
  const answers: { resolve: (text: string) => void; reject: (error: Error) => void }[] = []
  const owner = {}
  return {
    answers,
    read: (key = 'queues') =>
      joinedRead(owner, key, () => new Promise<string>((resolve, reject) => answers.push({ resolve, reject }))),
  }
}

/** Lets the reactions of settled promises run. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('joinedRead', () => {
  it('gives callers that come during a read the answer to a later request, which they share', async () => {
    const { answers, read } = reader()
    const first = read()
    const others = [read(), read()]
    expect(answers).toHaveLength(1)

    answers[0]?.resolve('before')
    await settle()
    expect(answers).toHaveLength(2)
    answers[1]?.resolve('after')

    expect(await first).toBe('before')
    expect(await Promise.all(others)).toEqual(['after', 'after'])
  })

  it('sends a request for every caller that comes after the end of the last one', async () => {
    const { answers, read } = reader()
    for (const text of ['one', 'two']) {
      const answer = read()
      answers.at(-1)?.resolve(text)

      expect(await answer).toBe(text)
      await settle()
    }
    expect(answers).toHaveLength(2)
  })

  it('continues with the next request after a failed one', async () => {
    const { answers, read } = reader()
    const failed = read().catch((error: unknown) => error)
    const next = read()
    answers[0]?.reject(new Error('no answer'))
    await settle()
    answers[1]?.resolve('after')

    expect(await failed).toEqual(new Error('no answer'))
    expect(await next).toBe('after')
  })

  it('gives a caller during the second read the answer to a third', async () => {
    const { answers, read } = reader()
    void read()
    const second = read()
    answers[0]?.resolve('one')
    await settle()
    const third = read()
    answers[1]?.resolve('two')
    await settle()
    answers[2]?.resolve('three')

    expect([await second, await third]).toEqual(['two', 'three'])
  })

  it('does not join reads of different things', () => {
    const { answers, read } = reader()
    void read('queues')
    void read('bindings')

    expect(answers).toHaveLength(2)
  })
})
