/**
 * The interface that every client of the bench implements, so that all do the same work. To add a client, write a
 * file in this folder, or in `peers/` if only the bench installs its package, and add a line below.
 *
 * @typedef {object} PublishSetup
 * @property {string} url AMQP, with login and vhost
 * @property {string} vhost
 * @property {string} exchange
 * @property {string} routingKey
 * @property {number} window how many messages may be unconfirmed
 *
 * @typedef {object} ConsumeSetup
 * @property {string} url
 * @property {string} vhost
 * @property {string} queue
 * @property {string} queueType
 * @property {number} prefetch
 * @property {(body: unknown) => void} onMessage the work for one message, which is acknowledged when it returns
 *
 * @typedef {Omit<PublishSetup, 'window'> & Omit<ConsumeSetup, 'onMessage'>} RequestSetup
 *
 * @callback OpenRequester both ends: it answers its own requests with their bodies
 * @param {RequestSetup} setup
 * @returns {Promise<{ publish: (body: unknown) => Promise<unknown>, close: () => Promise<unknown> }>}
 *   `publish` resolves with the reply
 *
 * @callback OpenPublisher
 * @param {PublishSetup} setup
 * @returns {Promise<{ publish: (body: unknown) => Promise<unknown>, close: () => Promise<unknown> }>}
 *   `publish` resolves when the broker has confirmed the message, and rejects when it has not
 *
 * @callback OpenConsumer
 * @param {ConsumeSetup} setup
 * @returns {Promise<{ close: () => Promise<unknown> }>}
 */

/** The clients by name. The others are compared with the first one. */
export const CLIENTS = {
  amqplib: './amqplib.js',
  warren: './warren.js',
  'warren, schema checked': './warren-with-schema.js',
  'warren, traced': './warren-traced.js',
  'rabbitmq-client': './peers/rabbitmq-client.js',
  '@cloudamqp/amqp-client': './peers/cloudamqp.js',
  'amqp-connection-manager': './peers/amqp-connection-manager.js',
  rascal: './peers/rascal.js',
}

/** The functions of the guide's Python code, measured by `guide.py`. */
export const GUIDE = {
  publish: [
    { name: "the guide's publish_with_confirm (pika)", does: 'publish_with_confirm' },
    { name: "the guide's publish, unconfirmed (pika)", does: 'publish' },
  ],
  consume: [{ name: "the guide's consume (pika)", does: 'consume' }],
}
