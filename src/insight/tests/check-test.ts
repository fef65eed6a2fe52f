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
  /** Nothing in the topology tells. */
  | { readonly status: 'unknown'; readonly because: readonly Doubt[] }

const PASSED: TestOutcome = { status: 'passed' }

/** The final location of a message. */
type Ending =
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
      const path = followFailure(vhost.model, subscription, { routingKey: subscription.queue })
      return checkEnding(
        expectation,
        endingOfFailure(vhost, subscription.queue, path),
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
  const { queues } = reach
  const fate =
    queues.length > 0 ? listOf(queues) : mandatory ? 'no queue, and it is returned' : 'no queue, and it is lost'
  if (expectation.kind === 'reaches') {
    const expected = listOf([...new Set(expectation.queues.map(({ name }) => name))].toSorted())
    return expected === listOf(queues) ? PASSED : failed(expected, fate)
  }
  const isReturned = expectation.kind === 'returned'
  return queues.length === 0 && mandatory === isReturned
    ? PASSED
    : failed(isReturned ? 'no queue, and it is returned' : 'no queue, and it is lost', fate)
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

/** Where a message ends if its subscription fails every time. */
function endingOfFailure({ model }: RoutedVhost, queue: string, { steps, end }: FailurePath): Ending {
  for (const { delay, back } of steps) {
    if (!isCertain(back)) return { kind: 'unknown', because: doubtsOf(back) }
    if (!back.queues.includes(queue))
      return { kind: 'lost', why: `nothing leads back from the delay of ${durationLabel(delay)}` }
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
  cycle: 'the broker drops it, since it has been in the queue already',
  refused: 'a full queue refuses it',
}

/** Where a message ends if it expires in every queue. */
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
  if (isEndless) return { kind: 'lost', why: 'it goes round without end' }
  const queues = simulation.occupied
  return queues.length === 0 ? { kind: 'lost', why: why ?? 'the queue drops it' } : { kind: 'queues', queues }
}

function checkEnding(expectation: Expectation, ending: Ending, delays: readonly number[]): TestOutcome {
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
  const wrong = [
    ...wrongRights(user, expectation.can, 'allowed', vhost),
    ...wrongRights(user, expectation.cannot, 'refused', vhost),
  ]
  const [first] = wrong
  return first === undefined ? PASSED : failed(first.expected, wrong.map(({ found }) => found).join(', '))
}

function wrongRights(user: string, { publish, consume }: RightsOfTest, wanted: Right, vhost: RoutedVhost) {
  const rights = rightsOf(vhost, user)
  const answers = [
    ...publish.map(({ name }) => ({ what: `publish ${name}`, right: rightToPublish(name, rights, vhost) })),
    ...consume.map(({ name }) => {
      const queue = vhost.routes.subscriptions.find((each) => each.name === name)?.queue
      return { what: `consume ${name}`, right: queue === undefined ? 'unknown' : mayConsume(rights, queue) }
    }),
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
  const publication = publicationIn(vhost, name)
  if (publication === undefined) return 'unknown'
  const type = vhost.model.exchange(publication.exchange)?.type ?? 'direct'
  const words = Object.fromEntries(publication.parameters.map((each) => [each, 'x']))
  const keys = vhost.model.keysOf(messageOf(publication, words))
  return mayPublish(rights, { name: publication.exchange, type }, keys, vhost.model.version)
}
