/**
 * What every client of the bench offers, so that all do the same work. A new one is a file beside this one.
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
 * @property {number} prefetch
 * @property {(body: unknown) => void} onMessage the work for one message, which is acknowledged when it returns
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
export const CLIENTS = ['amqplib', 'warren']
