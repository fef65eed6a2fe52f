import fc from 'fast-check'

const optional = { requiredKeys: [] as [] }
const shape = fc.record(
  {
    maxLength: fc.integer({ min: 1, max: 99 }),
    retry: fc.record({ delays: fc.constantFrom(['5s'], ['5s', '1m']) }),
    bindings: fc.constantFrom([], [{ exchange: 'amq.topic', routingKey: 'all.#' }]),
    labels: fc.dictionary(fc.constantFrom('owner', 'tier'), fc.constantFrom('a', '1'), { maxKeys: 2 }),
    arguments: fc.record({ 'x-note': fc.constantFrom('1.10', '${tenant}', 'a$${b', '~') }, optional),
  },
  optional,
)

const queue = fc.record(
  {
    template: fc.subarray(['one', 'two', 'three']),
    bindings: fc.constantFrom([], [{ exchange: 'amq.topic', routingKey: 'own.${tenant}' }]),
    description: fc.constantFrom('for ${tenant}', 'yes', 'two\nlines'),
    maxLength: fc.integer({ min: 1, max: 99 }),
  },
  { requiredKeys: ['template'] },
)

/** A document that is repeated for tenants, with defaults, and with templates that its queues refer to in any order. */
export const arbitraryShapes = fc
  .record({
    tenants: fc.uniqueArray(fc.constantFrom('acme', 'globex', '01', 'über', 'a b'), { minLength: 1, maxLength: 3 }),
    defaults: shape,
    templates: fc.record({ one: shape, two: shape, three: shape }),
    queues: fc.dictionary(fc.constantFrom('orders', '${tenant}.mail', 'a$${b', '#x', 'true'), queue, { maxKeys: 4 }),
    regional: fc.constantFrom({}, { '${region}-copies': { forEach: { region: ['eu', 'us'] }, template: ['one'] } }),
    labels: fc.constantFrom({}, { labels: { tenant: '${tenant}' } }, { description: 'all of ${tenant}' }),
    vhost: fc.constantFrom('${tenant}', { name: '/${tenant}', labels: { tenant: '${tenant}' } }),
  })
  .map(({ tenants, defaults, templates, queues, regional, labels, vhost }) => ({
    warren: 1,
    project: 'tenants',
    forEach: { tenant: tenants },
    vhost,
    ...labels,
    defaults: { queues: { type: 'quorum', deadLetter: true, ...defaults } },
    templates: Object.fromEntries(Object.entries(templates).map(([name, each]) => [name, { queues: each }])),
    queues: { ...queues, ...regional },
    users: { '${tenant}-worker': { password: '${env:PASSWORD_${tenant}}', permissions: { read: '^${tenant}' } } },
  }))
