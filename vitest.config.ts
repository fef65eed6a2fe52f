import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { memoryFolder } from './test/memory-folder.ts'

const folder = memoryFolder()
if (folder !== undefined) process.env['TMPDIR'] = folder

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    // Most tests wait, for a broker or for a program that they have started.
    maxWorkers: availableParallelism() * 2,
    testTimeout: 240_000,
    hookTimeout: 300_000,
  },
})
