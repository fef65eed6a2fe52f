import { consumedQueues, coordinationQueues } from '../../model/routes.ts'
import type { Expectation, RightsOfTest, TestSubject } from '../../desired/tests/declared-test.ts'
import { durationLabel } from '../../model/values/duration.ts'
import { type FailurePath, followFailure } from '../routing/failure-path.ts'
import type { Headers } from '../routing/headers-index.ts'
import { type Doubt, isCertain, type Reach } from '../routing/reach.ts'
import { mayConsume, mayPublish, type Right } from '../routing/rights.ts'
import type { RoutedVhost } from '../routing/routed-vhost.ts'
import { type Loss, Simulation } from '../routing/simulation/simulation.ts'
import type { Message } from '../routing/vhost-model.ts'
import { messageOf } from '../trace/trace.ts'
import { rightsOf } from '../trace/users-allowed.ts'
import { isOneOf } from './possible-outcomes.ts'
import { publicationIn, type ResolvedTest } from './resolve-names.ts'

/** The result of a test. */
export type TestOutcome =
  | { readonly status: 'passed' }
  | { readonly status: 'failed'; readonly expected: string; readonly found: string }
  /** The topology does not determine it. */
  | { readonly status: 'unknown'; readonly because: readonly Doubt[] }
  /** It is for another version than the broker on which the tests run. */
  | { readonly status: 'skipped'; readonly brokerVersion: string }

/** The expected rights of a user. */
export type RightsExpectation = Extract<Expectation, { kind: 'rights' }>

const PASSED: TestOutcome = { status: 'passed' }

/** The final location of a message. */
export type Ending =
  | { readonly kind: 'queues'; readonly queues: readonly string[] }
  | { readonly kind: 'lost'; readonly why: string }
  | { readonly kind: 'unknown'; readonly because: readonly Doubt[] }

/** Checks a test on the model of its virtual host. */
export function checkTest({ test: { subject, expectation }, vhost }: ResolvedTest): TestOutcome {
  switch (subject.kind) {
    case 'publish':
      return checkPublish(subject, expectation, vhost)
    case 'fail': {
      const subscription = vhost.routes.subscriptions.find(({ name }) => name === subject.subscription.name)
      if (subscription === undefined) return failed('the subscription', 'none')
      // Messages of all partitions of a super stream fail in the same way.
      const [queue = subscription.queue] = consumedQueues(subscription)
      const path = followFailure(vhost.model, subscription, { routingKey: queue })
      return checkEnding(
        expectation,
        endingOfFailure(vhost, queue, path),
        path.steps.map(({ delay }) => delay),
      )
    }
    case 'expire':
      return checkEnding(expectation, endingOfExpiry(vhost, subject.queue.name, subject.routingKey), [])
    case 'user':
      return checkRights(subject.user.name, expectation, vhost)
  }
}

function failed(expected: string, found: string): TestOutcome {
  return { status: 'failed', expected, found }
}

function listOf(names: readonly string[]): string {
  return names.length === 0 ? 'no queue' : names.map((each) => JSON.stringify(each)).join(', ')
}

function checkPublish(
  subject: Extract<TestSubject, { kind: 'publish' }>,
  expectation: Expectation,
  vhost: RoutedVhost,
): TestOutcome {
  const { exchange, message, mandatory } = publishedBy(subject, vhost)
  const reach = vhost.model.route(exchange, message)
  if (expectation.kind === 'one-of')
    return checkOneOf(
      expectation.queues.map(({ name }) => name),
      reach,
    )
  if (!isCertain(reach)) return { status: 'unknown', because: doubtsOf(reach) }
  return checkArrival(expectation, reach.queues, mandatory && reach.queues.length === 0)
}

/**
 * Judges where a message arrived.
 *
 * @param queues in the order of their names
 */
export function checkArrival(expectation: Expectation, queues: readonly string[], isReturned: boolean): TestOutcome {
  const fate =
    queues.length > 0 ? listOf(queues) : isReturned ? 'no queue, and it is returned' : 'no queue, and it is lost'
  if (expectation.kind === 'one-of') {
    const names = expectation.queues.map(({ name }) => name)
    const [only, ...others] = queues
    const isOne = only !== undefined && others.length === 0 && names.includes(only)
    return isOne ? PASSED : failed(`one of ${listOf(names)}`, fate)
  }
  if (expectation.kind === 'reaches') {
    const expected = listOf([...new Set(expectation.queues.map(({ name }) => name))].toSorted())
    return expected === listOf(queues) ? PASSED : failed(expected, fate)
  }
  const expectsReturn = expectation.kind === 'returned'
  return queues.length === 0 && isReturned === expectsReturn
    ? PASSED
    : failed(expectsReturn ? 'no queue, and it is returned' : 'no queue, and it is lost', fate)
}

/** The message that a test publishes, and its exchange. */
export function publishedBy(
  { to, headers, mandatory, body }: Extract<TestSubject, { kind: 'publish' }>,
  vhost: RoutedVhost,
): { readonly exchange: string; readonly message: Message; readonly mandatory: boolean } {
  const bytes = body === undefined ? 0 : Buffer.byteLength(JSON.stringify(body))
  if ('exchange' in to) {
    const message = { routingKey: to.routingKey, ...(headers && { headers: headers as Headers }), bytes }
    return { exchange: to.exchange.name, message, mandatory: mandatory ?? true }
  }
  const publication = publicationIn(vhost, to.publication.name)
  if (publication === undefined) return { exchange: '', message: { routingKey: '' }, mandatory: true }
  const message = messageOf(publication, to.parameters)
  return {
    exchange: publication.exchange,
    message: { ...message, headers: { ...message.headers, ...(headers as Headers | undefined) }, bytes },
    mandatory: mandatory ?? publication.mandatory,
  }
}

function checkOneOf(names: readonly string[], reach: Reach): TestOutcome {
  if (reach.doubts.length > 0) return { status: 'unknown', because: doubtsOf(reach) }
  return isOneOf(reach, new Set(names)) ? PASSED : failed(`one of ${listOf(names)}`, possibleText(reach))
}

function possibleText(reach: Reach): string {
  const choices = reach.choices.map(({ options }) => `one of ${options.map((each) => possibleText(each)).join(', ')}`)
  const certain = reach.queues.map((each) => JSON.stringify(each))
  return [...certain, ...choices].join(', ') || 'no queue'
}

function doubtsOf({ doubts, choices }: Reach): readonly Doubt[] {
  return [...doubts, ...choices.map(({ because }) => because)]
}

/** Finds the destination of a message whose subscription fails every time. */
function endingOfFailure({ model }: RoutedVhost, queue: string, { steps, end }: FailurePath): Ending {
  for (const { delay, back } of steps) {
    if (!isCertain(back)) return { kind: 'unknown', because: doubtsOf(back) }
    if (!back.queues.includes(queue))
      return { kind: 'lost', why: `no route returns from the delay of ${durationLabel(delay)}` }
  }
  switch (end.kind) {
    case 'dead-letter':
      return endingOf(end.reach, 'the dead-letter exchange leads to no queue')
    case 'discarded':
      return { kind: 'lost', why: 'the subscription discards it' }
    case 'stopped':
      return { kind: 'queues', queues: [queue] }
    case 'requeued': {
      const [settings, ...others] = model.settings(queue)?.options ?? []
      if (end.deliveryLimit === undefined) return { kind: 'lost', why: 'it is requeued without end' }
      if (settings === undefined || others.length > 0) return { kind: 'unknown', because: [] }
      const letter = model.deadLetter(queue, { routingKey: queue }, 'delivery_limit', settings)
      return letter === undefined
        ? { kind: 'lost', why: 'the queue drops it after the delivery limit' }
        : endingOf(letter.reach, 'the dead-letter exchange leads to no queue')
    }
  }
}

function endingOf(reach: Reach, whyLost: string): Ending {
  if (!isCertain(reach)) return { kind: 'unknown', because: doubtsOf(reach) }
  return reach.queues.length === 0 ? { kind: 'lost', why: whyLost } : { kind: 'queues', queues: reach.queues }
}

const LOSSES: Readonly<Record<Loss['kind'], string>> = {
  'no-dead-letter-exchange': 'it expires in a queue without a dead-letter exchange',
  'dead-letter-unroutable': 'the dead-letter exchange leads to no queue',
  cycle: 'the broker drops it, because it was in the queue before',
  refused: 'a full queue refuses it',
}

/** Finds the destination of a message that expires in every queue. */
function endingOfExpiry({ model }: RoutedVhost, queue: string, routingKey = queue): Ending {
  const because: Doubt[] = []
  let why: string | undefined
  const simulation = new Simulation<string>(model, {
    onEvent: (event) => {
      if (event.kind === 'uncertain') because.push(...event.because)
      if (event.kind === 'lost') why = LOSSES[event.because.kind]
    },
  })
  simulation.put(queue, { routingKey }, 'message')
  const isEndless = simulation.letTimePass()
  if (because.length > 0) return { kind: 'unknown', because }
  if (isEndless) return { kind: 'lost', why: 'it circles without end' }
  const queues = simulation.occupied
  return queues.length === 0 ? { kind: 'lost', why: why ?? 'the queue drops it' } : { kind: 'queues', queues }
}

/** Compares the destination of a message, and the delays of its retries in milliseconds, with the expectation. */
export function checkEnding(expectation: Expectation, ending: Ending, delays: readonly number[]): TestOutcome {
  const passes = 'passes' in expectation ? expectation.passes : undefined
  const labels = (values: readonly number[]) =>
    values.length === 0 ? 'no delay' : values.map(durationLabel).join(', ')
  if (passes !== undefined && labels(passes) !== labels(delays)) return failed(labels(passes), labels(delays))
  if (expectation.kind === 'passes') return PASSED
  if (ending.kind === 'unknown') return { status: 'unknown', because: ending.because }
  const found = ending.kind === 'lost' ? `it is lost: ${ending.why}` : listOf(ending.queues)
  if (expectation.kind === 'lost') return ending.kind === 'lost' ? PASSED : failed('it is lost', found)
  if (expectation.kind !== 'ends-in') return failed('another expectation', found)
  const expected = listOf([...new Set(expectation.queues.map(({ name }) => name))].toSorted())
  return expected === found ? PASSED : failed(expected, found)
}

function checkRights(user: string, expectation: Expectation, vhost: RoutedVhost): TestOutcome {
  if (expectation.kind !== 'rights') return failed('rights', 'another expectation')
  if (!vhost.usersKnown) return { status: 'unknown', because: [] }
  const rights = rightsOf(vhost, user)
  return judgeRights(user, expectation, {
    publish: (name) => rightToPublish(name, rights, vhost),
    consume: (name) => {
      const subscription = vhost.routes.subscriptions.find((each) => each.name === name)
      if (subscription === undefined) return 'unknown'
      const needed = [...consumedQueues(subscription), ...coordinationQueues(subscription)]
      const answers = needed.map((queue) => mayConsume(rights, queue))
      return (
        answers.find((answer) => answer === 'refused') ?? answers.find((answer) => answer === 'unknown') ?? 'allowed'
      )
    },
  })
}

/** The right of a user to a publication, and to a subscription. */
export interface RightsByName {
  readonly publish: (publication: string) => Right
  readonly consume: (subscription: string) => Right
}

/** Judges the rights of a user. */
export function judgeRights(user: string, expectation: RightsExpectation, rights: RightsByName): TestOutcome {
  const wrong = [
    ...wrongRights(user, expectation.can, 'allowed', rights),
    ...wrongRights(user, expectation.cannot, 'refused', rights),
  ]
  const [first] = wrong
  return first === undefined ? PASSED : failed(first.expected, wrong.map(({ found }) => found).join(', '))
}

function wrongRights(user: string, { publish, consume }: RightsOfTest, wanted: Right, rights: RightsByName) {
  const answers = [
    ...publish.map(({ name }) => ({ what: `publish ${name}`, right: rights.publish(name) })),
    ...consume.map(({ name }) => ({ what: `consume ${name}`, right: rights.consume(name) })),
  ]
  const words: Readonly<Record<Right, string>> = { allowed: 'can', refused: 'cannot', unknown: 'may be able to' }
  return answers
    .filter(({ right }) => right !== wanted)
    .map(({ what, right }) => ({
      expected: `${user} ${words[wanted]} ${what}`,
      found: `${user} ${words[right]} ${what}`,
    }))
}

function rightToPublish(name: string, rights: ReturnType<typeof rightsOf>, vhost: RoutedVhost): Right {
  const sample = samplePublish(name, vhost)
  if (sample === undefined) return 'unknown'
  const { publication, message } = sample
  const type = vhost.model.exchange(publication.exchange)?.type ?? 'direct'
  const keys = vhost.model.keysOf(message)
  return mayPublish(rights, { name: publication.exchange, type }, keys, vhost.model.version)
}

/** A sample message of a publication, to check the right to publish it: each parameter of its routing key is a word. */
export function samplePublish(name: string, vhost: RoutedVhost) {
  const publication = publicationIn(vhost, name)
  if (publication === undefined) return undefined
  const words = Object.fromEntries(publication.parameters.map((each) => [each, 'x']))
  return { publication, message: messageOf(publication, words) }
}
