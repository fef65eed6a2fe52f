import { expect, it } from 'vitest'
import { maskCredentials } from '../../src/model/secrets/mask-credentials.ts'
import type { ParameterValue } from '../../src/model/topology.ts'
import { topology } from '../builders/objects.ts'
import { planOf } from '../builders/plan-of.ts'

const parameter = (component: string, value: ParameterValue) =>
  topology({ parameters: [{ vhost: '/', component, name: 'p', value: maskCredentials(value) }] })

const differs = (component: string, live: ParameterValue, desired: ParameterValue) =>
  planOf(parameter(component, live), parameter(component, desired)).changes.flatMap((change) =>
    change.action === 'update' ? change.differences.map(({ property }) => property) : [change.action],
  )

it.each([
  ['amqp://mq', 'amqp://mq:5672', true],
  ['amqps://mq', 'amqps://mq:5671', true],
  ['amqps://mq', 'amqps://mq:5672', false],
  ['AMQP://MQ', 'amqp://mq', true],
  ['amqp://mq', 'amqp://guest:guest@mq', true],
  ['amqp://mq', 'amqp://ann:guest@mq', false],
  ['amqp://ann:p%61ss@mq', 'amqp://ann:pass@mq', true],
  ['amqp://ann:one@mq', 'amqp://ann:other@mq', false],
  ['amqp://mq/%2f', 'amqp://mq/%2F', true],
  ['amqp://mq/%73hop', 'amqp://mq/shop', true],
  ['amqp://mq/a%2Fb', 'amqp://mq/a/b', false],
  ['amqp://mq', 'amqp://mq/%2F', false],
  ['amqp://mq', 'amqp://mq/', false],
  ['amqp://', 'amqp://localhost', false],
  ['amqp://', 'amqp:///shop', false],
  ['amqp://[::1]:5672', 'amqp://[::1]', true],
  ['amqp://mq?heartbeat=5&channel_max=9', 'amqp://mq?channel_max=9&heartbeat=5', true],
  [
    'amqp://mq?auth_mechanism=plain&auth_mechanism=external',
    'amqp://mq?auth_mechanism=external&auth_mechanism=plain',
    false,
  ],
  ['amqps://mq?certfile=/a%2Fb', 'amqps://mq?certfile=%2Fa/b', true],
  ['amqps://mq?certfile=a+b', 'amqps://mq?certfile=a%2Bb', false],
  ['amqp://mq/%zz', 'amqp://mq:5672/%zz', false],
])('the URI %s of a shovel or an upstream equals %s by its meaning: %s', (live, desired, isSame) => {
  const shovel = (uri: string) => ({ 'src-uri': uri, 'src-queue': 'a', 'dest-uri': [uri], 'dest-queue': 'b' })

  expect(differs('federation-upstream', { uri: live }, { uri: desired })).toEqual(isSame ? [] : ['value.uri'])
  expect(differs('shovel', shovel(live), shovel(desired))).toEqual(isSame ? [] : ['value.dest-uri', 'value.src-uri'])
})

it('treats a list of one URI like that URI, and compares other parameters and other keys by their text', () => {
  expect(differs('federation-upstream', { uri: ['amqp://mq'] }, { uri: 'amqp://mq:5672' })).toEqual([])
  expect(differs('of-mine', { uri: 'amqp://mq' }, { uri: 'amqp://mq:5672' })).toEqual(['value.uri'])
  expect(differs('shovel', { note: 'amqp://mq' }, { note: 'amqp://mq:5672' })).toEqual(['value.note'])
})

it('gives AMQP 1.0 no default login', () => {
  const shovel = (uri: string) => ({ 'src-protocol': 'amqp10', 'src-uri': uri })

  expect(differs('shovel', shovel('amqp://mq'), shovel('amqp://mq:5672'))).toEqual([])
  expect(differs('shovel', shovel('amqp://mq'), shovel('amqp://guest:guest@mq'))).toEqual(['value.src-uri'])
})
