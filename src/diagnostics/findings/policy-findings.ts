import { error, warning } from './kind.ts'

/** A policy, and derived objects that it applies to. */
export interface Captures {
  readonly policy: string
  readonly operator: boolean
  /** Such as `the dead-letter queue "email.dead" of queue "email"`. */
  readonly objects: readonly string[]
  /** The description of its effect. */
  readonly said: string
}

const NARROW =
  'keep it away from them with a pattern such as ^billing\\.(?!.*\\.(dead|failed|retry\\.\\w+)$), or write the intended limits into'

/** Findings about the effects of policies on queues that `retry`, `deadLetter` and `superStreams` derive. */
export const policyFindings = {
  'policy-loses-derived': error((args: Captures) => ({
    message: `${nameOf(args)} also applies to ${fewOf(args.objects)}, and ${args.said}`,
    hint: `${NARROW} deadLetter: { messageTtl, maxLength, maxLengthBytes } or expires of the queue`,
  })),
  'policy-changes-derived': warning((args: Captures) => ({
    message: `${nameOf(args)} also applies to ${fewOf(args.objects)}: ${args.said}`,
    hint: `${NARROW} a policy of their own with a higher priority`,
  })),
  'policy-may-change-derived': warning((args: Captures) => ({
    message: `${nameOf(args)} may also apply to ${fewOf(args.objects)}: ${args.said}`,
    hint: 'its pattern cannot be evaluated here, or another policy has the same priority',
  })),
  'parameter-kept-elsewhere': error((args: { component: string; section: string }) => ({
    message: `${args.component} is not declared under parameters:`,
    hint: `write it under ${args.section}`,
  })),
  'component-unknown': warning((args: { component: string; suggestion?: string }) => ({
    message: `RabbitMQ has no component "${args.component}", and refuses its parameters unless a plugin adds it`,
    hint: args.suggestion === undefined ? 'correct the name, or enable the plugin' : `did you mean ${args.suggestion}?`,
  })),
  'parameter-key-unknown': warning((args: { component: string; key: string; suggestion?: string }) => ({
    message: `RabbitMQ 3.10 to 4.3 has no key ${args.key} in the parameters of ${args.component}, and refuses the whole parameter`,
    hint: args.suggestion === undefined ? 'remove the key' : `did you mean ${args.suggestion}?`,
  })),
  'parameter-key-of-protocol': error((args: { key: string; end: 'src' | 'dest'; protocol: string }) => ({
    message: `RabbitMQ refuses ${args.key} in a shovel with ${args.end}-protocol: ${args.protocol}`,
    hint: `remove ${args.key}, or change ${args.end}-protocol, which is amqp091 by default`,
  })),
  'parameter-needs': error((args: { component: string; keys: readonly string[] }) => ({
    message: `RabbitMQ refuses a parameter of ${args.component} without ${args.keys.join(' or ')}`,
    hint: `add ${args.keys.join(' or ')}`,
  })),
  'keys-exclude-each-other': error((args: { key: string; other: string }) => ({
    message: `RabbitMQ refuses ${args.key} together with ${args.other}`,
    hint: 'keep one of the two',
  })),
  'uri-refused': error((args: { key: string; reason: string }) => ({
    message: `RabbitMQ does not accept the URI in ${args.key}: ${args.reason}`,
    hint: 'write it as amqp://host:5672/vhost, with the login and an at sign before the host, where all but the scheme is optional',
  })),
  'dead-letter-policy-outranked': error((args: { queue: string; policy: string; priority: number; by: number }) => ({
    message: `policy "${args.policy}" applies to queue "${args.queue}" with priority ${args.priority}, so the policy of deadLetter, which has priority ${args.by}, does not, and dead letters are lost`,
    hint: `give it a priority below ${args.by}: its keys are then carried over into the policy of deadLetter`,
  })),
  'displaced-policies-tie': error((args: { queue: string; policies: readonly string[] }) => ({
    message: `the policy of deadLetter replaces another one on queue "${args.queue}", and it is undefined which one, because they have the same priority: ${quoted(args.policies)}`,
    hint: 'give these policies different priorities, so that the keys of the right one are carried over',
  })),
  'displaced-policy-uncertain': warning((args: { queue: string; policies: readonly string[] }) => ({
    message: `the policy of deadLetter may replace ${quoted(args.policies)} on queue "${args.queue}", whose pattern cannot be evaluated here`,
    hint: 'write the pattern without features that only PCRE has, so that its keys are carried over',
  })),
}

function nameOf({ policy, operator }: Captures): string {
  return `${operator ? 'operator policy' : 'policy'} "${policy}"`
}

function quoted(names: readonly string[]): string {
  return names.map((each) => `"${each}"`).join(', ')
}

const MOST_NAMED = 3

function fewOf(objects: readonly string[]): string {
  const few = objects.slice(0, MOST_NAMED).join(', ')
  return objects.length > MOST_NAMED ? `${few}, and ${objects.length - MOST_NAMED} more` : few
}
