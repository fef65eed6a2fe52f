import { didYouMean } from '../text/did-you-mean.ts'
import { error } from './kind.ts'

/** Findings of expanding routes: publications, subscriptions and their messages. */
export const routeFindings = {
  'publication-route': error(() => ({
    message:
      'a publication or request goes either to an exchange or to a queue, and a publication may go to a super stream instead',
    hint: 'write one of exchange:, queue: and superStream:',
  })),
  'request-named-twice': error((args: { name: string }) => ({
    message: `there are a request and a publication with the name "${args.name}"`,
    hint: 'rename one: programs use both by their names',
  })),
  'request-without-subscription': error((args: { name: string }) => ({
    message: `no program of this project can answer the request "${args.name}", because it names no subscription`,
    hint: 'write subscription: with the name of the subscription that the responder consumes',
  })),
  'routing-key-with-queue': error((args: { queue: string }) => ({
    message: `a message that is published to queue "${args.queue}" always has the name of the queue as its routing key`,
    hint: 'remove routingKey',
  })),
  'routing-key-with-super-stream': error((args: { superStream: string }) => ({
    message: `the routing key of a message to super stream "${args.superStream}" is the binding key of a partition, which the program's parameter partitionKey chooses`,
    hint: 'remove routingKey, or write exchange: in place of superStream: to choose the key yourself',
  })),
  'routing-key-braces': error((args: { routingKey: string }) => ({
    message: `the routing key "${args.routingKey}" has a brace that belongs to no parameter`,
    hint: 'write a parameter as {userId}: letters, digits and _, not beginning with a digit',
  })),
  'delays-need-exchange': error(() => ({
    message: 'delays need an exchange, which routes each message after its delay',
    hint: 'write exchange: and routingKey: in place of queue:, and bind the queue',
  })),
  'delays-with-expiration': error(() => ({
    message: 'a publication with delays has an expiration: a message that expires earlier would not wait for its delay',
    hint: 'remove expiration, and set messageTtl on the queues where messages may wait',
  })),
  'delay-listed-twice': error((args: { delay: string }) => ({
    message: `the delay ${args.delay} is listed twice`,
    hint: 'remove one of the two',
  })),
  'delay-name-taken': error((args: { kind: 'exchange' | 'queue'; name: string; publication: string }) => ({
    message: `${args.kind} "${args.name}" is declared, and publication "${args.publication}" creates one with this name for a delay`,
    hint: 'rename or remove the declared one',
  })),
  'schema-unreadable': error((args: { path: string; reason: string }) => ({
    message: `cannot read the message schema ${args.path}: ${args.reason}`,
    hint: 'the path is relative to the file that contains it',
  })),
  'schema-not-json': error((args: { path: string; reason: string }) => ({
    message: `the message schema ${args.path} is not a JSON Schema: ${args.reason}`,
    hint: 'write a JSON object, or true or false',
  })),
  'secret-in-compiled': error(() => ({
    message:
      'a secret (a string that came from ${file:}, or a login) would get into the compiled topology, which must not contain secrets',
    hint: 'write the text itself, or take it from ${env:NAME} or ${var:name}',
  })),
  'version-not-accepted': error((args: { version: number; accepts: readonly number[] }) => ({
    message: `accepts lists ${args.accepts.join(', ')}, but not version ${args.version} of the schema`,
    hint: `add ${args.version} to accepts, or name the version of the schema that the handler gets`,
  })),
  'schema-of-other-version': error((args: { version: string; older: readonly number[] }) => ({
    message: `schemas has the version "${args.version}", and ${args.older.length === 0 ? 'no older version is accepted' : `the accepted older versions are ${args.older.join(', ')}`}`,
    hint: 'remove it, or add the version to accepts; the schema of the current version is message.schema',
  })),
  'version-header-declared': error(() => ({
    message: 'the header "message-version" contains the version of the message',
    hint: 'remove it here: warren sets it from message.version',
  })),
  'subscription-source': error(() => ({
    message: 'a subscription consumes either a queue or a super stream',
    hint: 'write queue: or superStream:',
  })),
  'unknown-super-stream': error((args: { name: string; vhost: string; suggestion?: string }) => ({
    message: `super stream "${args.name}" is not declared in vhost "${args.vhost}"`,
    hint: didYouMean(args, 'declare it under superStreams:, so that its partitions are known'),
  })),
  'super-stream-offset': error((args: { offset: string }) => ({
    message: `a subscription to a super stream cannot begin at "${args.offset}": a worker that takes a partition over before an offset is stored could leave messages out`,
    hint: 'write offset: first, or a time such as 2026-01-31T12:00:00Z',
  })),
  'offset-without-stream': error((args: { queue: string }) => ({
    message: `offset is for streams, and queue "${args.queue}" is not a stream`,
    hint: 'remove offset, or write type: stream on the queue',
  })),
  'on-failure-with-ladder': error((args: { queue: string }) => ({
    message: `onFailure has no effect, because queue "${args.queue}" has retry or deadLetter`,
    hint: 'remove onFailure',
  })),
}
