import rascal from 'rascal'

const { BrokerAsPromised, withDefaultConfig } = rascal

/** Neither creates nor checks existing objects. */
function brokerFor(url, settings) {
  return BrokerAsPromised.create(withDefaultConfig({ vhosts: { bench: { connection: { url }, ...settings } } }))
}

/** @type {import('../client.js').OpenPublisher} */
export async function openPublisher({ url, exchange, routingKey }) {
  const options = { persistent: true, mandatory: true }
  const broker = await brokerFor(url, {
    exchanges: { [exchange]: { assert: false, check: false } },
    publications: { send: { vhost: 'bench', exchange, routingKey, confirm: true, options } },
  })
  broker.on('error', (error) => console.error(error))
  const publish = async (body) => {
    const publication = await broker.publish('send', body)
    await new Promise((resolve, reject) => {
      publication.on('success', resolve)
      publication.on('error', reject)
      publication.on('return', () => reject(new Error('it was returned')))
    })
  }
  return { publish, close: () => broker.shutdown() }
}

/** @type {import('../client.js').OpenConsumer} */
export async function openConsumer({ url, queue, prefetch, onMessage }) {
  const broker = await brokerFor(url, {
    queues: { [queue]: { assert: false, check: false } },
    subscriptions: { take: { vhost: 'bench', queue, prefetch } },
  })
  broker.on('error', (error) => console.error(error))
  const subscription = await broker.subscribe('take')
  subscription.on('message', (_message, content, ackOrNack) => {
    onMessage(content)
    ackOrNack()
  })
  subscription.on('error', (error) => console.error(error))
  return { close: () => broker.shutdown() }
}
