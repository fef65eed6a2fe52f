/** The number of queues of a service: ten declared ones, two of which have dead letters and three retry delays. */
const QUEUES_OF_SERVICE = 18

/**
 * The file of a topology like those of large teams: services that publish and consume.
 *
 * @param {number} queues the number of queues, including those for dead letters and retries, and of bindings
 * @param {{ changed?: boolean }} [options] whether one binding in a hundred has another key
 */
export function insightTopology(queues, { changed = false } = {}) {
  const services = Array.from({ length: servicesOf(queues) }, (_, at) => at)
  const all = Array.from({ length: services.length * 10 }, (_, at) => at)
  const lines = [
    'warren: 1',
    'project: bench',
    'vhost: bench-insight',
    'exchanges:',
    '  events: { type: topic }',
    '  tasks: { type: direct }',
    '  documents: { type: headers }',
    'queues:',
    ...all.flatMap((at) => queueLines(at, changed && at % 100 === 0)),
    'publications:',
    ...services.map((at) => `  event-${at}: { exchange: events, routingKey: 'area-${at % 20}.service-${at}.{id}' }`),
    'subscriptions:',
    ...services.map((at) => `  events-${at}: { queue: ${queueName(at * 10)} }`),
    'users:',
    ...services.map((at) => `  service-${at}: { can: { publish: [event-${at}], consume: [events-${at}] } }`),
    'policies:',
    ...services
      .slice(0, 20)
      .map(
        (at) =>
          `  area-${at}: { pattern: '^area-${at}\\..*queue-[2-9]$', applyTo: queues, priority: ${at}, definition: { max-length: 100000 } }`,
      ),
  ]
  return `${lines.join('\n')}\n`
}

/** @param {number} queues */
function servicesOf(queues) {
  return Math.ceil(queues / QUEUES_OF_SERVICE)
}

/** @param {number} at */
function queueName(at) {
  const service = Math.floor(at / 10)
  return `area-${service % 20}.service-${service}.queue-${at % 10}`
}

/**
 * @param {number} at
 * @param {boolean} isChanged
 */
function queueLines(at, isChanged) {
  const service = Math.floor(at / 10)
  const name = queueName(at)
  const place = at % 10
  const key = `area-${service % 20}.service-${service}.${isChanged ? 'changed' : '#'}`
  const bindings = {
    0: `{ exchange: events, routingKey: '${key}' }`,
    1: `{ exchange: events, routingKey: '*.service-${service}.created' }`,
    2: `{ exchange: documents, arguments: { x-match: all, service: ${service}, kind: invoice } }`,
  }
  const rest = place < 2 ? ['    retry: { delays: [5s, 30s, 5m] }', '    deadLetter: true'] : ['    messageTtl: 1h']
  return [
    `  ${name}:`,
    '    type: quorum',
    ...rest,
    `    bindings: [${bindings[place] ?? `{ exchange: tasks, routingKey: ${name} }`}]`,
  ]
}

/**
 * A test file for that topology, with every kind of expectation.
 *
 * @param {number} queues
 * @param {number} tests
 */
export function insightTests(queues, tests) {
  const services = servicesOf(queues)
  const lines = Array.from({ length: tests }, (_, at) => {
    const service = at % services
    const [first, second, last] = [0, 1, 9].map((place) => queueName(service * 10 + place))
    const kinds = [
      ['publish: { publication: event-S, parameters: { id: created } }', `reaches: [${first}, ${second}]`],
      [`publish: { exchange: tasks, routingKey: ${last} }`, `reaches: [${last}]`],
      ['publish: { exchange: tasks, routingKey: nothing }', 'returned: true'],
      ['fail: { subscription: events-S }', `endsIn: ${first}.dead`],
      [`expire: { queue: ${last} }`, 'lost: true'],
      ['user: service-S', 'can: { publish: event-S, consume: events-S }'],
    ]
    const [subject, expectation] = kinds[Math.floor(at / services + at) % kinds.length]
    return `  test ${at}:\n    ${subject}\n    ${expectation}\n`.replaceAll('-S', `-${service}`)
  })
  return `warrenTests: 1\ntests:\n${lines.join('')}`
}
