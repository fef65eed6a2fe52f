import type { RuleExplanation } from '../../diagnostics/explanations/explanation.ts'

/**
 * Every rule of `breaking`: the meaning of its findings, and what to do about them. A safe change needs no action, so
 * it has no remedy.
 */
export const BREAKING_RULES = {
  'publication-removed': {
    meaning: 'A publication is removed, and programs that publish with its name fail.',
    remedy: 'keep the publication until no program publishes with it',
  },
  'publication-renamed': {
    meaning: 'A publication has another name, and programs that publish with the old one fail.',
    remedy: 'keep a publication of the old name next to the new one until no program uses it',
  },
  'publication-parameters': {
    meaning: 'The routing key of a publication takes other parameters than before.',
    remedy: 'add a publication with the new parameters, and keep the old one until no program uses it',
  },
  'publication-added': { meaning: 'A publication is new.', remedy: '' },
  'publication-settings': {
    meaning:
      'A publication is less safe than before (persistence, confirms, mandatory), or its messages have another type or size.',
    remedy: 'check that publishers and consumers can cope with the change',
  },
  'request-removed': {
    meaning: 'A request is removed, and programs that send or answer it by its name fail.',
    remedy: 'keep the request until no program sends or answers it',
  },
  'request-renamed': {
    meaning: 'A request has another name, and programs that use the old one fail.',
    remedy: 'keep a request of the old name next to the new one until no program uses it',
  },
  'request-added': { meaning: 'A request is new.', remedy: '' },
  'subscription-removed': {
    meaning: 'A subscription is removed, and programs that consume with its name fail.',
    remedy: 'keep the subscription until no program consumes with it',
  },
  'subscription-renamed': {
    meaning: 'A subscription has another name, and programs that consume with the old one fail.',
    remedy: 'keep a subscription of the old name next to the new one until no program uses it',
  },
  'subscription-moved': {
    meaning: 'A subscription consumes another queue, while programs of the old version still consume the old queue.',
    remedy: 'keep the old queue with its bindings until its consumers have moved and it is empty',
  },
  'subscription-added': { meaning: 'A subscription is new.', remedy: '' },
  'subscription-settings': {
    meaning:
      'The handlers of a subscription change: their order, the time that they may take, or the place in the stream where they start.',
    remedy: 'check that the handlers can cope with the change',
  },
  'publication-reaches-fewer': {
    meaning: 'The messages of a publication no longer reach a queue.',
    remedy: 'keep the binding, or inform the owners of the consumers of the queue',
  },
  'publication-reaches-others': {
    meaning: 'The messages of a publication no longer reach a queue, and reach another one instead.',
    remedy: 'keep the binding to the old queue until its consumers have moved',
  },
  'publication-reaches-more': { meaning: 'The messages of a publication reach more queues than before.', remedy: '' },
  'reach-undecided': {
    meaning: 'In one of the versions, it is unknown which queues a publication reaches.',
    remedy: 'trace messages of the publication in both versions with warren trace',
  },
  'binding-removed': {
    meaning: 'A binding is removed or changed, and messages that it matched no longer reach a queue.',
    remedy: 'make sure that no message with this key is published any more',
  },
  'queue-removed': {
    meaning:
      'A queue is removed. This is breaking if a declared route or another project uses it, and risky otherwise.',
    remedy: 'stop its consumers and empty it first',
  },
  'queue-renamed': {
    meaning: 'A queue has another name, and clients that use the old one fail.',
    remedy: 'change programs that name the queue to the new name as soon as it is applied',
  },
  'queue-redeclared': {
    meaning:
      'A property that the broker compares has changed, so clients that declare the queue as before get 406 PRECONDITION_FAILED.',
    remedy: 'in programs that declare the queue themselves, change or remove the declaration',
  },
  'queue-added': { meaning: 'A queue is new.', remedy: '' },
  'exchange-removed': {
    meaning:
      'An exchange is removed. This is breaking if a declared route or another project uses it, and risky otherwise.',
    remedy: 'stop its publishers first',
  },
  'exchange-renamed': {
    meaning: 'An exchange has another name, and clients that use the old one fail.',
    remedy: 'change programs that name the exchange to the new name as soon as it is applied',
  },
  'exchange-redeclared': {
    meaning:
      'A property that the broker compares has changed, so clients that declare the exchange as before get 406 PRECONDITION_FAILED.',
    remedy: 'in programs that declare the exchange themselves, change or remove the declaration',
  },
  'exchange-added': { meaning: 'An exchange is new.', remedy: '' },
  'vhost-removed': {
    meaning: 'A virtual host is removed with all its objects.',
    remedy: 'stop the programs that use it first',
  },
  'vhost-limits': {
    meaning: 'A limit of a virtual host is new or lower than before.',
    remedy: 'check how many connections and queues the virtual host has',
  },
  'limit-lowered': {
    meaning: 'A limit of a queue is new or lower than before, or the overflow behavior of the queue changes.',
    remedy: 'check the largest number of messages in the queue, and their age',
  },
  'limit-raised': { meaning: 'A limit of a queue is removed or higher than before.', remedy: '' },
  'dead-letters-lost': {
    meaning: 'Messages that fail for the last time, are rejected or expire are no longer kept as dead letters.',
    remedy: 'keep a dead-letter route, or make sure that no one needs the failed messages',
  },
  'dead-letters-moved': {
    meaning: 'Messages that fail for the last time, are rejected or expire go to another queue than before.',
    remedy: 'empty the old dead-letter queue, and inform the people who watch it',
  },
  'ladder-shortened': {
    meaning: 'A failed message is retried less often, or the retries end sooner.',
    remedy: 'check that the systems that handlers depend on recover before the last retry',
  },
  'ladder-extended': { meaning: 'A failed message is retried more often, or the retries end later.', remedy: '' },
  'rights-lost': {
    meaning: 'A user loses a right on an object that both versions declare.',
    remedy: 'keep the right until no program of the user needs it',
  },
  'rights-narrowed': {
    meaning: 'A user keeps its rights on declared objects, and loses rights on other names.',
    remedy: 'make sure that the user needs no objects that the files do not declare',
  },
  'rights-undecided': {
    meaning: 'The patterns of a right cannot be compared.',
    remedy: 'compare the patterns yourself',
  },
  'rights-gained': { meaning: 'A user may do more than before.', remedy: '' },
  'user-removed': {
    meaning: 'A user is removed, and programs that log in as this user fail.',
    remedy: 'stop the programs that log in as this user first',
  },
  'message-refused': {
    meaning:
      'Consumers of one version refuse a message that the other version sends. The finding shows such a message.',
    remedy: 'change the consumers first, and the publishers after all consumers accept the new messages',
  },
  'message-version-refused': {
    meaning: 'Consumers of one version do not accept the version of the messages that the other one sends.',
    remedy:
      'add the new version to accepts of all consumers first, and remove an old one when no message of it is sent or waits',
  },
  'message-undecided': {
    meaning:
      'A message schema has changed, and warren found neither a proof that it is safe nor a message that is refused.',
    remedy: 'compare the schemas yourself',
  },
  'message-compatible': {
    meaning: 'A message schema has changed, and it is proven that consumers accept every message.',
    remedy: '',
  },
} as const satisfies Readonly<Record<string, RuleExplanation>>

export type BreakingRule = keyof typeof BREAKING_RULES
