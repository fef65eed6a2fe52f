import { connect } from 'warren/runtime'

/** @type {import('./client.js').OpenPublisher} */
export async function openPublisher({ url, vhost, exchange, routingKey, window }) {
  const publication = { name: 'send', vhost, exchange, routingKey, parameters: [], headers: {} }
  const routes = {
    publications: [{ ...publication, persistent: true, mandatory: true, confirm: true }],
    subscriptions: [],
  }
  const runtime = await connect({ topology: { routes }, url, window: { messages: window } })
  return { publish: (body) => runtime.publish('send', body), close: () => runtime.close() }
}

/** @type {import('./client.js').OpenConsumer} */
export async function openConsumer({ url, vhost, queue, prefetch, onMessage }) {
  const failure = { kind: 'onFailure', action: 'requeue' }
  const subscription = { name: 'take', vhost, queue, queueType: 'classic', failure }
  const routes = { publications: [], subscriptions: [subscription] }
  const runtime = await connect({ topology: { routes }, url })
  await runtime.consume('take', onMessage, { prefetch, concurrency: prefetch })
  return { close: () => runtime.close() }
}
