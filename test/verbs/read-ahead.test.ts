import { describe, expect, it } from 'vitest'
import { guessVhosts } from '../../src/verbs/read-ahead.ts'

describe('the vhosts that files seem to be about', () => {
  it.each([
    ['plain', 'warren: 1\nvhost: shop\nqueues: {}\n', ['shop']],
    ['the default', 'warren: 1\nqueues:\n  vhost: {}\n', ['/']],
    ['with a comment', 'vhost: a b/%   # of the shop\n', ['a b/%']],
    ['quoted', `vhost: "a #1"\n---\nvhost: 'it: b'\n`, ['a #1', 'it: b']],
    ['of several documents', 'vhost: a\n---\nvhost: b\n---\nvhost: a\n', ['a', 'b']],
    ['with the line ends of Windows', 'warren: 1\r\nvhost: shop\r\n', ['shop']],
  ])('are found where they are %s', (_how, text, found) => {
    expect(guessVhosts([text])).toEqual(found)
  })

  it('are read later where they are written in another way', () => {
    const texts = ['vhost: "${env:VHOST}"\n', 'vhost:\n  name: shop\n', 'vhost: &anchor x\n', 'vhost: |\n  x\n']
    for (const text of texts) expect(guessVhosts([text])).toEqual([])
  })
})
