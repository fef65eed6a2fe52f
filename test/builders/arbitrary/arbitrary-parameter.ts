import fc from 'fast-check'
import { maskCredentials } from '../../../src/model/secrets/mask-credentials.ts'
import type { Parameter, ParameterValue } from '../../../src/model/topology.ts'
import { hostileName, LOGIN_URIS, routingKey } from './arbitrary-values.ts'

interface OfComponent {
  readonly component: string
  readonly value: ParameterValue
}

const uri = fc.constantFrom(...LOGIN_URIS.filter((each) => each.startsWith('amqp')))
const uris = fc.oneof(uri, fc.uniqueArray(uri, { minLength: 1 }))
const count = fc.integer({ min: 1, max: 2 ** 31 })
/** Without `no-ack`, which a shovel does not accept if it deletes itself after a number of messages. */
const acknowledged = fc.constantFrom('on-confirm', 'on-publish')

/** The test is about the parameter: nothing listens at its addresses, and it connects only once. */
function shovel(): fc.Arbitrary<OfComponent> {
  const from = fc.oneof(
    fc.record({ 'src-queue': hostileName }),
    fc.record({ 'src-exchange': hostileName, 'src-exchange-key': routingKey }),
  )
  const to = fc.oneof(
    fc.record({ 'dest-queue': hostileName }),
    fc.record({ 'dest-exchange': hostileName, 'dest-exchange-key': routingKey }),
  )
  const rest = fc.record(
    {
      'src-uri': uris,
      'dest-uri': uris,
      'reconnect-delay': fc.constant(3_600),
      'ack-mode': acknowledged,
      'src-prefetch-count': count,
      'dest-add-forward-headers': fc.boolean(),
      'src-delete-after': fc.constantFrom('never', 'queue-length', 1_000),
    },
    { requiredKeys: ['src-uri', 'dest-uri', 'reconnect-delay'] },
  )
  return fc
    .tuple(from, to, rest)
    .map(([source, destination, more]) => ({ component: 'shovel', value: { ...source, ...destination, ...more } }))
}

function upstream(): fc.Arbitrary<OfComponent> {
  return fc
    .record(
      {
        uri: uris,
        'prefetch-count': count,
        'reconnect-delay': count,
        'ack-mode': acknowledged,
        'trust-user-id': fc.boolean(),
        'max-hops': count,
        expires: count,
        'message-ttl': count,
        exchange: hostileName,
        queue: hostileName,
      },
      { requiredKeys: ['uri'] },
    )
    .map((value) => ({ component: 'federation-upstream', value }))
}

function upstreamSet(): fc.Arbitrary<OfComponent> {
  const member = fc.record({ upstream: hostileName, 'max-hops': count }, { requiredKeys: ['upstream'] })
  return fc.array(member, { maxLength: 3 }).map((value) => ({ component: 'federation-upstream-set', value }))
}

/** Parameters of shovels and federation that the plugins accept. */
export const anyParameter: fc.Arbitrary<Parameter> = fc
  .record({ name: hostileName, of: fc.oneof(shovel(), upstream(), upstreamSet()) })
  .map(({ name, of: { component, value } }) => ({ vhost: '/', component, name, value: maskCredentials(value) }))
