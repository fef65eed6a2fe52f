import { describe, expect, it } from 'vitest'
import { guessProject, guessVhosts } from '../../../src/operations/session/guess-scope.ts'

describe('the vhosts that files probably name', () => {
  it.each([
    ['plain', 'warren: 1\nvhost: shop\nqueues: {}\n', ['shop']],
    ['the default', 'warren: 1\nqueues:\n  vhost: {}\n', ['/']],
    ['with a comment', 'vhost: a b/%   # of the shop\n', ['a b/%']],
    ['quoted', `vhost: "a #1"\n---\nvhost: 'it: b'\n`, ['a #1', 'it: b']],
    ['of several documents', 'vhost: a\n---\nvhost: b\n---\nvhost: a\n', ['a', 'b']],
    ['in JSON', '{\n  "warren": 1,\n  "project": "shop",\n  "vhost": "/shop",\n  "queues": {}\n}', ['/shop']],
    ['left out of JSON', '{"warren":1,"project":"shop","queues":{}}', ['/']],
    ['with the line ends of Windows', 'warren: 1\r\nvhost: shop\r\n', ['shop']],
  ])('are found if they are %s', (_how, text, found) => {
    expect(guessVhosts([text])).toEqual(found)
  })

  it('are read later if they have another notation', () => {
    const texts = [
      '{"queues":{},"vhost":"/shop"}',
      '{"vhost":{"name":"/shop"}}',
      'vhost: "${env:VHOST}"\n',
      'vhost:\n  name: shop\n',
      'vhost: &anchor x\n',
      'vhost: |\n  x\n',
    ]
    for (const text of texts) expect(guessVhosts([text])).toEqual([])
  })
})

describe('the project that files probably belong to', () => {
  it('is found if all files name it in the same plain notation', () => {
    expect(guessProject(['project: shop\n', "project: 'shop' # ours\n---\nwarren: 1\nproject: shop\n"])).toBe('shop')
    expect(guessProject(['{"$schema":"x","warren":1,"project":"shop","queues":{}}'])).toBe('shop')
  })

  it('is read later if they do not', () => {
    expect(guessProject(['queues: {}\n'])).toBeUndefined()
    expect(guessProject(['project: shop\n', 'project: other\n'])).toBeUndefined()
    expect(guessProject(['project: shop\n', 'project: "${var:name}"\n'])).toBeUndefined()
    expect(guessProject(['project: shop\n', 'project: |\n  shop\n'])).toBeUndefined()
  })
})
