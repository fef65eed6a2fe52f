import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    globalSetup: ['start-broker.js'],
    // Applying a topology takes longer than the five seconds that vitest gives a test.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
