import fc from 'fast-check'

const delays = fc.uniqueArray(fc.constantFrom('1s', '5s', '90s', '1m', '7d'), { minLength: 1, maxLength: 4 })

/** A file with failure paths of all forms, some of which are contradictory and refused. */
export const fileWithFailurePaths = fc
  .array(
    fc.record(
      {
        type: fc.constantFrom('classic', 'quorum'),
        retry: fc.oneof(
          delays.map((list) => ({ delays: list })),
          // oxlint-disable-next-line unicorn/no-thenable -- a property of the format
          delays.map((list) => ({ delays: list, then: 'discard' })),
          delays.map((list) => ({ delays: list, via: { exchange: '' } })),
          fc.record({
            mode: fc.constant('native'),
            initial: fc.constant('2s'),
            attempts: fc.integer({ min: 1, max: 9 }),
          }),
          fc.record({
            mode: fc.constant('native'),
            delay: fc.constant('3s'),
            attempts: fc.integer({ min: 1, max: 9 }),
            // oxlint-disable-next-line unicorn/no-thenable -- a property of the format
            then: fc.constant('discard'),
          }),
        ),
        deadLetter: fc.oneof(
          fc.constant(true as const),
          fc.record(
            {
              by: fc.constant('policy'),
              strategy: fc.constantFrom('at-most-once', 'at-least-once'),
              maxLength: fc.integer({ min: 0, max: 9 }),
              queue: fc.constantFrom('dead.one', 'dead.two', 'dead.three'),
              exchange: fc.constantFrom('', 'other'),
            },
            { requiredKeys: [] },
          ),
        ),
        overflow: fc.constantFrom('drop-head', 'reject-publish'),
        deliveryLimit: fc.constantFrom(3, 20, 1_000_000),
        maxLength: fc.integer({ min: 1, max: 9 }),
      },
      { requiredKeys: ['type'] },
    ),
    { minLength: 1, maxLength: 3 },
  )
  .chain((queues) =>
    fc.record({
      warren: fc.constant(1),
      project: fc.constant('shop'),
      vhost: fc.constant('/'),
      exchanges: fc.constant({ other: { type: 'direct' } }),
      queues: fc.constant(Object.fromEntries(queues.map((queue, at) => [`q.${at}+`, queue]))),
      policies: fc.constantFrom({}, { all: { pattern: '^q', applyTo: 'queues', definition: { 'max-length': 100 } } }),
    }),
  )
