import { describe, expect, it } from 'vitest'
import { exportFiles } from '../../../src/operations/insight/export.ts'
import { fakeApi } from '../../broker/management/fake-api.ts'

function channelOf(user: string) {
  return { channel_details: { name: 'a (1)', number: 1, user }, stats: { publish: 3 } }
}

/**
 * The publishers, as RabbitMQ 3.10 to 4.3 list them with `rates_mode = detailed`. For an ended channel, the list is
 * empty.
 */
const INCOMING: Readonly<Record<string, unknown>> = {
  '/api/exchanges/%2F/events': { incoming: [channelOf('shop'), channelOf('billing'), channelOf('shop')] },
  '/api/exchanges/%2F/amq.default': { incoming: [channelOf('shop'), { channel_details: [], stats: { publish: 1 } }] },
}

async function exported(ratesMode: string, inferRoutes = true) {
  const exchange = (name: string, type: string, messages?: number) => ({
    name,
    vhost: '/',
    type,
    durable: true,
    auto_delete: false,
    internal: false,
    arguments: {},
    ...(messages !== undefined && { message_stats: { publish_in: messages } }),
  })
  const api = await fakeApi((path, _request, response) => {
    if (path === '/api/overview') {
      return {
        rabbitmq_version: '4.3.6',
        cluster_name: 'rabbit@fake',
        exchange_types: [{ name: 'direct' }, { name: 'topic' }],
        rates_mode: ratesMode,
        disable_stats: false,
      }
    }
    if (path === '/api/exchanges/%2F') {
      return [
        exchange('', 'direct', 3),
        exchange('events', 'topic', 9),
        exchange('quiet', 'topic'),
        exchange('gone', 'topic', 1),
      ]
    }
    if (path === '/api/exchanges/%2F/gone') response.writeHead(404).end('{}')
    return INCOMING[path]
  })
  const { topologies, others } = await exportFiles({ connection: api.connection, inferRoutes, singleProject: 'shop' })
  return { text: topologies[0]?.text, report: others[0]?.text ?? '', requests: api.requests }
}

describe('an export with inferred routes', () => {
  it('names in comments who publishes to an exchange', async () => {
    const { text, report, requests } = await exported('detailed')

    expect(text).toContain('  # Published to by "billing", "shop".\n  events:\n')
    expect(text?.match(/#/g)).toHaveLength(1)
    expect(report).toContain('- exchange:%2F/: "shop" publishes to it\n')
    expect(report).not.toContain('publishers:')
    // warren does not read an exchange without messages.
    expect(requests).not.toContain('GET /api/exchanges/%2F/quiet')
  })

  it('says that publishers are unknown unless the broker keeps detailed rates', async () => {
    const { text, report } = await exported('basic')

    expect(text).not.toContain('#')
    expect(report).toContain('- publishers: only a broker with the rates\\_mode detailed knows them')
  })

  it('reads no publishers without this option', async () => {
    const { report, requests } = await exported('detailed', false)

    expect(report).not.toContain('publishe')
    expect(requests).not.toContain('GET /api/exchanges/%2F/events')
  })
})
