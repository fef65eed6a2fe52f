import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { LongFilesEarly } from './test/long-files-early.ts'
import { memoryFolder } from './test/memory-folder.ts'

const folder = memoryFolder()
if (folder !== undefined) process.env['TMPDIR'] = folder

/** Tests that start brokers, databases and programs. */
const WITH_BROKERS = ['test/integration/**/*.test.ts', 'test/testing/throwaway/**/*.test.ts', 'test/bench/**/*.test.ts']

/** Those of them that change the environment of the process, or count on being alone in it. */
const ALONE = [
  'test/testing/throwaway/**/*.test.ts',
  'test/integration/delete/lost-leader.test.ts',
  'test/integration/guides/*-guide.test.ts',
  'test/integration/runtime/connection/runtime-start.test.ts',
]

export default defineConfig({
  test: {
    globalSetup: ['test/global-setup.ts'],
    // Most tests wait, for a broker or for a program that they have started.
    maxWorkers: availableParallelism() * 2,
    sequence: { sequencer: LongFilesEarly },
    testTimeout: 240_000,
    hookTimeout: 300_000,
    // Loading the sources takes longer than the tests of a file, and three seconds of processor time where commands run within
    // the test. A test that changes what others see puts it back.
    isolate: false,
    // The runs of `npm run test:matrix` and the three projects below load the same sources.
    experimental: { fsModuleCache: true },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: WITH_BROKERS,
          setupFiles: ['test/fixed-seed.ts'],
        },
      },
      { extends: true, test: { name: 'integration', include: WITH_BROKERS, exclude: ALONE } },
      { extends: true, test: { name: 'alone', include: ALONE, isolate: true } },
    ],
  },
})
