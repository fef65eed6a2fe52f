import { objectId } from '../../model/names/node-id.ts'
import { durationLabel } from '../../model/values/duration.ts'
import type {
  DocumentedPublication,
  DocumentedQueue,
  DocumentedSubscription,
  TopologyDocs,
} from '../../insight/docs/documented.ts'
import type { MessageRule, ReplyRule } from '../../model/routes.ts'
import { ComponentKeys } from './component-keys.ts'
import { schemaWithin } from './schema-within.ts'

/** The types of exchanges that the AMQP bindings of AsyncAPI know. */
const KNOWN_TYPES = new Set(['topic', 'direct', 'fanout', 'headers'])

const BINDING_VERSION = '0.3.0'

type Json = Readonly<Record<string, unknown>>

/** A topology as an AsyncAPI 3 document: a channel for each publication and queue, an operation for each route. */
export function docsAsyncapi({ project, owners }: TopologyDocs): string {
  const document = new AsyncapiDocument()
  for (const { name, queues, publications } of owners) {
    for (const each of publications) document.addPublication(each, name)
    for (const each of queues) document.addQueue(each, name)
  }
  for (const { name, subscriptions } of owners) {
    for (const each of subscriptions) document.addSubscription(each, name)
  }
  return `${JSON.stringify(
    {
      asyncapi: '3.0.0',
      info: { title: project, version: '1.0.0' },
      defaultContentType: 'application/json',
      ...document.parts(),
    },
    undefined,
    2,
  )}\n`
}

class AsyncapiDocument {
  readonly #keys = new ComponentKeys()
  readonly #channels: Record<string, Json> = {}
  readonly #operations: Record<string, Json> = {}
  readonly #messages: Record<string, Json> = {}
  readonly #schemas: Record<string, unknown> = {}
  /** The messages that subscriptions add to the channels of queues, by the id of the queue. */
  readonly #queueMessages = new Map<string, Record<string, Json>>()

  parts(): Json {
    return {
      channels: this.#channels,
      operations: this.#operations,
      components: { messages: this.#messages, schemas: this.#schemas },
    }
  }

  addPublication({ id, publication, exchange, description, mayPublish }: DocumentedPublication, owner: string): void {
    const { name, vhost, routingKey, parameters, message, mandatory, persistent, expiration, priority } = publication
    const { reply, delays = [] } = publication
    const key = this.#keys.of(id)
    const type = publication.exchange === '' ? 'default' : exchange?.type
    this.#messages[key] = this.#message(key, name, message)
    this.#channels[key] = {
      address: routingKey,
      title: name,
      messages: { [key]: { $ref: `#/components/messages/${key}` } },
      ...(parameters.length > 0 && { parameters: Object.fromEntries(parameters.map((each) => [each, {}])) }),
      bindings: {
        amqp: {
          is: 'routingKey',
          exchange: {
            name: publication.exchange,
            ...(type !== undefined && (type === 'default' || KNOWN_TYPES.has(type)) && { type }),
            ...(exchange && { durable: exchange.durable, autoDelete: exchange.autoDelete }),
            vhost,
          },
          bindingVersion: BINDING_VERSION,
        },
      },
      'x-warren-owner': owner,
    }
    this.#operations[key] = {
      action: 'send',
      title: `${reply ? 'Request' : 'Publish'} ${name}`,
      ...(description !== undefined && { description }),
      channel: { $ref: `#/channels/${key}` },
      messages: [{ $ref: `#/channels/${key}/messages/${key}` }],
      ...(reply && { reply: this.#reply(id, name, reply) }),
      bindings: {
        amqp: {
          deliveryMode: persistent ? 2 : 1,
          mandatory,
          ...(expiration !== undefined && { expiration }),
          ...(priority !== undefined && { priority }),
          bindingVersion: BINDING_VERSION,
        },
      },
      ...(delays.length > 0 && { 'x-warren-delays': delays.map(({ delay }) => durationLabel(delay)) }),
      ...(mayPublish.allowed.length > 0 && { 'x-warren-users': mayPublish.allowed }),
    }
  }

  /** The reply goes to the address in the request's property `reply-to`, so its channel has no address of its own. */
  #reply(id: string, name: string, { message }: ReplyRule): Json {
    const key = this.#keys.of(`${id}.reply`)
    this.#messages[key] = this.#message(key, `${name} reply`, message)
    this.#channels[key] = {
      address: null,
      title: `Replies to ${name}`,
      messages: { [key]: { $ref: `#/components/messages/${key}` } },
    }
    return {
      address: { location: '$message.header#/reply-to' },
      channel: { $ref: `#/channels/${key}` },
      messages: [{ $ref: `#/channels/${key}/messages/${key}` }],
    }
  }

  addQueue({ id, node, trace, durable, autoDelete, description }: DocumentedQueue, owner: string): void {
    const { name, vhost, failure } = node
    const messages: Record<string, Json> = {}
    this.#queueMessages.set(id, messages)
    this.#channels[this.#keys.of(id)] = {
      address: name,
      title: name,
      ...(description !== undefined && { description }),
      messages,
      bindings: {
        amqp: {
          is: 'queue',
          queue: { name, durable, exclusive: false, autoDelete, vhost },
          bindingVersion: BINDING_VERSION,
        },
      },
      'x-warren-owner': owner,
      ...(node.type !== undefined && { 'x-warren-queue-type': node.type }),
      'x-warren-bindings': trace.bindings
        .filter(({ source }) => failure?.folded.exchanges.includes(source) !== true)
        .map(({ source, routingKey, arguments: table }) => ({ exchange: source, routingKey, arguments: table })),
      ...(failure && failure.delays.length > 0 && { 'x-warren-retry': failure.delays.map(durationLabel) }),
      ...(failure?.native && { 'x-warren-native-retry': failure.native }),
      ...(failure?.deadLetterQueue !== undefined && { 'x-warren-dead-letter-queue': failure.deadLetterQueue }),
    }
  }

  addSubscription({ id, subscription, description }: DocumentedSubscription, owner: string): void {
    const { name, vhost, queue, message } = subscription
    const key = this.#keys.of(id)
    const queueId = this.#queueChannel(vhost, queue)
    const channel = this.#keys.of(queueId)
    this.#messages[key] = this.#message(key, name, message)
    const messages = this.#queueMessages.get(queueId)
    if (messages) messages[key] = { $ref: `#/components/messages/${key}` }
    this.#operations[key] = {
      action: 'receive',
      title: `Consume ${name}`,
      ...(description !== undefined && { description }),
      channel: { $ref: `#/channels/${channel}` },
      messages: [{ $ref: `#/channels/${channel}/messages/${key}` }],
      bindings: { amqp: { ack: true, bindingVersion: BINDING_VERSION } },
      'x-warren-owner': owner,
    }
  }

  /** The id of the channel of a queue. An external queue, which the files do not declare, gets a channel without bindings. */
  #queueChannel(vhost: string, queue: string): string {
    const id = objectId('queue', vhost, queue)
    if (this.#queueMessages.has(id)) return id
    const messages: Record<string, Json> = {}
    this.#queueMessages.set(id, messages)
    this.#channels[this.#keys.of(id)] = { address: queue, title: queue, messages, 'x-warren-external': true }
    return id
  }

  #message(key: string, name: string, message: MessageRule | undefined): Json {
    const { schema, contentType, encoding } = message ?? {}
    if (schema !== undefined) this.#schemas[key] = schemaWithin(schema, `#/components/schemas/${key}`)
    return {
      name,
      ...(contentType !== undefined && { contentType }),
      ...(encoding !== undefined && { bindings: { amqp: { contentEncoding: encoding } } }),
      ...(schema !== undefined && { payload: { $ref: `#/components/schemas/${key}` } }),
    }
  }
}
