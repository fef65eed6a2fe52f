import { connect } from 'warren/runtime'

/**
 * @param {import('./client.js').PublishSetup} setup
 * @param {Partial<import('warren/runtime').ConnectOptions>} [options]
 * @param {object} [message] the rule for messages
 */
export async function openPublisher({ url, vhost, exchange, routingKey, window }, options = {}, message) {
  const publication = { name: 'send', vhost, exchange, routingKey, parameters: [], headers: {} }
  const routes = {
    publications: [{ ...publication, persistent: true, mandatory: true, confirm: true, ...(message && { message }) }],
    subscriptions: [],
  }
  // Otherwise the bytes of large messages would fill the window. Bare clients have no such limit.
  const runtime = await connect({
    topology: { routes },
    url,
    window: { messages: window, bytes: Infinity },
    ...options,
  })
  return { publish: (body) => runtime.publish('send', body), close: () => runtime.close() }
}

/**
 * @param {import('./client.js').ConsumeSetup} setup
 * @param {Partial<import('warren/runtime').ConnectOptions>} [options]
 * @param {object} [message] the rule for messages
 */
export async function openConsumer({ url, vhost, queue, queueType, prefetch, onMessage }, options = {}, message) {
  const failure = { kind: 'onFailure', action: 'requeue' }
  const subscription = { name: 'take', vhost, queue, queueType, failure, ...(message && { message }) }
  const routes = { publications: [], subscriptions: [subscription] }
  const runtime = await connect({ topology: { routes }, url, ...options })
  await runtime.consume('take', onMessage, { prefetch, concurrency: prefetch })
  return { close: () => runtime.close() }
}

/** @type {import('./client.js').OpenRequester} */
export async function openRequester({ url, vhost, exchange, routingKey, queue, queueType, prefetch }) {
  const subscription = { name: 'take', vhost, queue, queueType, failure: { kind: 'onFailure', action: 'requeue' } }
  const request = { name: 'ask', vhost, exchange, routingKey, parameters: [], headers: {}, persistent: false }
  const reply = { timeout: 30_000, subscription: 'take' }
  const routes = {
    publications: [{ ...request, mandatory: true, confirm: true, reply }],
    subscriptions: [subscription],
  }
  const [asking, answering] = [
    await connect({ topology: { routes }, url }),
    await connect({ topology: { routes }, url }),
  ]
  await answering.respond('ask', (body) => body, { prefetch, concurrency: prefetch })
  return {
    publish: (body) => asking.request('ask', body),
    close: () => Promise.all([asking.close(), answering.close()]),
  }
}
