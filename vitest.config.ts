import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { memoryFolder } from './test/memory-folder.ts'

const folder = memoryFolder()
if (folder !== undefined) process.env['TMPDIR'] = folder

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    // Loading the sources takes as long as the tests of a file. A test that changes what others see puts it back.
    isolate: false,
    // Most tests wait, for a broker or for a program that they have started.
    maxWorkers: availableParallelism() * 2,
    testTimeout: 240_000,
    hookTimeout: 300_000,
  },
})
