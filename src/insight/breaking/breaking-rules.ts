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
    meaning: 'A publication promises less than before, or its messages are of another kind or size.',
    remedy: 'check that publishers and consumers can do without it',
  },
  'subscription-removed': {
    meaning: 'A subscription is removed, and programs that consume with its name fail.',
    remedy: 'keep the subscription until no program consumes with it',
  },
  'subscription-renamed': {
    meaning: 'A subscription has another name, and programs that consume with the old one fail.',
    remedy: 'keep a subscription of the old name next to the new one until no program uses it',
  },
  'subscription-moved': {
    meaning: 'A subscription consumes another queue, and programs of the old version stay with the old one.',
    remedy: 'keep the old queue with its bindings until its consumers have moved and it is empty',
  },
  'subscription-added': { meaning: 'A subscription is new.', remedy: '' },
  'subscription-settings': {
    meaning:
      'The handlers of a subscription change: their order, the time that they may take, or the place in the stream where they start.',
    remedy: 'check that the handlers can do without it',
  },
  'publication-reaches-fewer': {
    meaning: 'The messages of a publication no longer reach a queue.',
    remedy: 'keep the binding, or tell the consumers of the queue',
  },
  'publication-reaches-others': {
    meaning: 'The messages of a publication no longer reach a queue, and reach another one instead.',
    remedy: 'keep the binding to the old queue until its consumers have moved',
  },
  'publication-reaches-more': { meaning: 'The messages of a publication reach more queues than before.', remedy: '' },
  'reach-undecided': {
    meaning: 'Which queues a publication reaches cannot be known in one of the versions.',
    remedy: 'trace messages of the publication in both versions with warren trace',
  },
  'binding-removed': {
    meaning: 'A binding is removed or changed, and messages that it took no longer reach a queue.',
    remedy: 'make sure that no message with this key is published any more',
  },
  'queue-removed': {
    meaning: 'A queue is removed. It is breaking where a declared route or another project uses it, else risky.',
    remedy: 'stop its consumers and empty it first',
  },
  'queue-renamed': {
    meaning: 'A queue has another name, and clients that use the old one fail.',
    remedy: 'programs that name the queue have to use the new name once it is applied',
  },
  'queue-redeclared': {
    meaning:
      'A queue has another property that the broker compares, so clients that declare it as before get 406 PRECONDITION_FAILED.',
    remedy: 'programs that declare the queue themselves have to declare it in the new way, or no longer',
  },
  'queue-added': { meaning: 'A queue is new.', remedy: '' },
  'exchange-removed': {
    meaning: 'An exchange is removed. It is breaking where a declared route or another project uses it, else risky.',
    remedy: 'stop its publishers first',
  },
  'exchange-renamed': {
    meaning: 'An exchange has another name, and clients that use the old one fail.',
    remedy: 'programs that name the exchange have to use the new name once it is applied',
  },
  'exchange-redeclared': {
    meaning:
      'An exchange has another property that the broker compares, so clients that declare it as before get 406 PRECONDITION_FAILED.',
    remedy: 'programs that declare the exchange themselves have to declare it in the new way, or no longer',
  },
  'exchange-added': { meaning: 'An exchange is new.', remedy: '' },
  'vhost-removed': {
    meaning: 'A virtual host is removed with all its objects.',
    remedy: 'stop the programs that use it first',
  },
  'vhost-limits': {
    meaning: 'A limit of a virtual host is new or lower than before.',
    remedy: 'check how many connections and queues there are',
  },
  'limit-lowered': {
    meaning: 'A limit of a queue is new or lower than before, or a full queue does something else.',
    remedy: 'check how many messages the queue holds at most, and how old they become',
  },
  'limit-raised': { meaning: 'A limit of a queue is gone or higher than before.', remedy: '' },
  'dead-letters-lost': {
    meaning: 'Messages that fail for the last time, are rejected or expire are no longer kept as dead letters.',
    remedy: 'keep a dead-letter route, or make sure that no one needs what fails',
  },
  'dead-letters-moved': {
    meaning: 'Messages that fail for the last time, are rejected or expire go elsewhere than before.',
    remedy: 'empty the old dead-letter queue, and tell those who watch it',
  },
  'ladder-shortened': {
    meaning: 'A failed message is retried less often, or in a shorter time.',
    remedy: 'check that what handlers depend on is back before the last retry',
  },
  'ladder-extended': { meaning: 'A failed message is retried more often, or in a longer time.', remedy: '' },
  'rights-lost': {
    meaning: 'A user loses a right on an object that both versions declare.',
    remedy: 'grant the right until no program of the user needs it',
  },
  'rights-narrowed': {
    meaning: 'A user keeps its rights on declared objects, and loses others.',
    remedy: 'make sure that the user uses nothing that the files do not declare',
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
      'A message that one version sends is refused by consumers of the other one. The finding shows such a message.',
    remedy: 'change consumers first, and publishers when all consumers accept the new messages',
  },
  'message-undecided': {
    meaning: 'A message schema has changed, and neither a proof nor a refused message was found.',
    remedy: 'compare the schemas yourself',
  },
  'message-compatible': {
    meaning: 'A message schema has changed, and every message that is sent is proven to be accepted.',
    remedy: '',
  },
} as const satisfies Readonly<Record<string, RuleExplanation>>

export type BreakingRule = keyof typeof BREAKING_RULES
