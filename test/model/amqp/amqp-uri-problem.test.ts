import { describe, expect, it } from 'vitest'
import { uriProblem } from '../../../src/model/amqp/amqp-uri-problem.ts'

describe('uriProblem', () => {
  it.each([
    'amqp://',
    'AMQPS://h',
    'amqp:///vhost',
    'amqp://u@v@h',
    'amqp://u:p%40q@h:5673/%2f?heartbeat=-5&unknown=%zz#part',
    'amqp://[::1]:5672',
    'amqp://h?heartbeat&depth=a',
  ])('finds no problem in %s, which brokers accept', (uri) => {
    expect(uriProblem(uri)).toBeUndefined()
  })

  it.each([
    ['', 'amqp://'],
    ['amqp:h', 'amqp://'],
    ['https://h', 'amqp://'],
    ['amqp://h:', 'port'],
    ['amqp://h:65536', 'port'],
    ['amqp://user:hunter2/3@h', '%2F'],
    ['amqp://user:hunter2#3@h', '%2F'],
    ['amqp://user:hunter2%@h', 'percent'],
    ['amqp://:5672', 'no host'],
    ['amqp://h/a/b', 'slash'],
    ['amqp://h?heartbeat=often', 'heartbeat'],
    ['amqps://h?fail_if_no_peer_cert=maybe', 'fail_if_no_peer_cert'],
    ['amqp://h?auth_mechanism=', 'auth_mechanism'],
    ['amqps:///v', 'no host'],
    ['amqps://user:hunter2@/v', 'no host'],
  ])('says what is wrong with %j without quoting its login', (uri, word) => {
    expect(uriProblem(uri)).toContain(word)
    expect(uriProblem(uri)).not.toContain('hunter2')
  })
})
