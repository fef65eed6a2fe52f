export default {
  globalSetup: './start-broker.js',
  globalTeardown: './stop-broker.js',
  // Applying a topology takes longer than the five seconds that jest gives a test.
  testTimeout: 30_000,
}
