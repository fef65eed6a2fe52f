import { availableParallelism } from 'node:os'
import { configDefaults, defineConfig } from 'vitest/config'

/**
 * Tests that have not been seen to pass on every version of RabbitMQ yet, so that a failure of theirs says little. They run
 * with `WARREN_ALL_TESTS=1`, and leave this list, one by one, when they have.
 */
const UNPROVEN = [
  'ownership',
  'guarded-prune',
  'saved-plans',
  'replace',
  'faults',
  'stopped-apply',
  'safe-change-guide',
  'migration-refusals',
  'soak',
].map((name) => `test/integration/${name}.test.ts`)

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...(process.env['WARREN_ALL_TESTS'] === '1' ? [] : UNPROVEN)],
    globalSetup: ['test/global-setup.ts'],
    // Most tests wait, for a broker or for a program that they have started.
    maxWorkers: availableParallelism() + 1,
    testTimeout: 240_000,
    hookTimeout: 300_000,
  },
})
