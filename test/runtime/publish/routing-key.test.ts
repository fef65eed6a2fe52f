import { describe, expect, it } from 'vitest'
import { routingKeyMaker } from '../../../src/runtime/publish/routing-key.ts'
import { publication } from '../routes.ts'

const event = publication({ routingKey: 'user.{userId}.{event}', parameters: ['userId', 'event'] })

describe('routingKeyMaker', () => {
  it('returns a key without parameters unchanged', () => {
    expect(routingKeyMaker(publication())(undefined)).toEqual({ key: 'email' })
    expect(routingKeyMaker(publication())({})).toEqual({ key: 'email' })
  })

  it('fills every parameter with its word', () => {
    expect(routingKeyMaker(event)({ userId: 7, event: 'signed-up' })).toEqual({ key: 'user.7.signed-up' })
  })

  it('keeps braces that do not belong to a parameter', () => {
    const key = routingKeyMaker(publication({ routingKey: 'a.{b}.{c}', parameters: ['c'] }))({ c: 'd' })
    expect(key).toEqual({ key: 'a.{b}.d' })
  })

  it('names the parameter that is missing', () => {
    expect(routingKeyMaker(event)({ userId: '7' })).toEqual({
      wrong: 'the parameter "event" of the routing key "user.{userId}.{event}" is missing',
    })
    expect(routingKeyMaker(event)(undefined)).toHaveProperty('wrong')
  })

  it.each(['', 'a.b', '.'])('refuses %j, which would change the number of words', (word) => {
    expect(routingKeyMaker(event)({ userId: word, event: 'x' })).toEqual({
      wrong: `the parameter "userId" must be one word without a dot, not ${JSON.stringify(word)}`,
    })
  })

  it('refuses a parameter that the key does not have', () => {
    expect(routingKeyMaker(event)({ userId: '7', event: 'x', evnt: 'y' })).toEqual({
      wrong: 'there is no parameter "evnt": the routing key has only userId, event',
    })
    expect(routingKeyMaker(publication())({ to: 'x' })).toEqual({
      wrong: 'there is no parameter "to": the routing key has no parameters',
    })
  })

  it('does not treat inherited object properties as parameters', () => {
    const inherited = publication({ routingKey: '{constructor}', parameters: ['constructor'] })
    expect(routingKeyMaker(inherited)({})).toHaveProperty('wrong')
  })

  it('counts the bytes of the finished key, not its characters', () => {
    const long = publication({ routingKey: '{word}', parameters: ['word'] })
    expect(routingKeyMaker(long)({ word: 'é'.repeat(127) })).toEqual({ key: 'é'.repeat(127) })
    expect(routingKeyMaker(long)({ word: 'é'.repeat(128) })).toEqual({
      wrong: 'the routing key would be 256 bytes long, and 255 is the maximum',
    })
  })

  it('chooses the partition of a super stream by the hash of the key, which may be any text', () => {
    const make = routingKeyMaker(
      publication({ routingKey: '{partitionKey}', parameters: ['partitionKey'], partitionKeys: ['eu', 'us', 'asia'] }),
    )

    // 3591948756 % 3 and 1856831182 % 3
    expect(make({ partitionKey: 'rabbit' })).toEqual({ key: 'eu' })
    expect(make({ partitionKey: 'coders51' })).toEqual({ key: 'us' })
    expect(make({ partitionKey: 'a.b c' })).toHaveProperty('key')
    expect(make({ partitionKey: 7 })).toEqual(make({ partitionKey: '7' }))
  })

  it('refuses a message to a super stream without a partition key, or with another parameter', () => {
    const make = routingKeyMaker(
      publication({ routingKey: '{partitionKey}', parameters: ['partitionKey'], partitionKeys: ['0', '1'] }),
    )
    const missing = { wrong: 'the parameter "partitionKey" is missing, by whose hash a partition is chosen' }

    expect([make(undefined), make({}), make({ partitionKey: '' })]).toEqual([missing, missing, missing])
    expect(make({ partitionKey: 'a', key: 'b' })).toEqual({
      wrong: 'there is no parameter "key": the routing key has only partitionKey',
    })
  })
})
