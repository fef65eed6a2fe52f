/** What the files of one folder of `src` may use. */
export interface Room {
  /** Folders that may be imported. */
  readonly imports: readonly string[]
  /** Folders of which only types may be imported. */
  readonly types?: readonly string[]
  /** Folders and packages that may be imported only when they are needed, by `import()`. */
  readonly whenNeeded?: readonly string[]
  /** Packages and Node modules that reach out of the program, beside those in `HARMLESS`. */
  readonly modules?: readonly string[]
  /** Globals of the process, see `GLOBALS`. */
  readonly globals?: readonly string[]
}

/** Who may use whom. docs/architecture.md says what happens in each folder. */
export const ROOMS: Readonly<Record<string, Room>> = {
  files: { imports: [], modules: ['node:fs'] },
  diagnostics: { imports: [], modules: ['fastest-levenshtein'] },
  model: { imports: ['diagnostics'] },
  source: { imports: ['files', 'diagnostics', 'model'], modules: ['node:fs', 'yaml'] },
  declaration: { imports: ['source', 'diagnostics', 'model'], modules: ['ajv', 'node:module'] },
  expand: { imports: ['declaration', 'model', 'diagnostics'], modules: ['oniguruma-parser'] },
  load: {
    imports: ['files', 'source', 'declaration', 'expand', 'model', 'diagnostics'],
    whenNeeded: ['ajv', 'ajv-formats'],
    modules: ['node:fs'],
  },
  management: { imports: ['diagnostics', 'model'], modules: ['undici'] },
  records: { imports: ['model', 'diagnostics'] },
  live: { imports: ['management', 'records', 'model', 'diagnostics'] },
  plan: { imports: ['records', 'model', 'diagnostics'] },
  messages: { imports: ['model', 'diagnostics'], modules: ['amqplib'] },
  'dead-letters': { imports: ['messages', 'runtime', 'model', 'diagnostics'], modules: ['amqplib'] },
  apply: { imports: ['plan', 'records', 'model', 'live', 'management', 'messages', 'diagnostics'] },
  render: {
    imports: ['plan', 'apply', 'model', 'diagnostics'],
    types: ['dead-letters'],
    modules: ['diff', 'picocolors', 'yaml'],
  },
  typings: { imports: ['model', 'diagnostics'], whenNeeded: ['json-schema-to-typescript'] },
  postgres: { imports: [] },
  idempotency: { imports: ['postgres'], modules: ['lru-cache'] },
  outbox: { imports: ['postgres', 'runtime', 'diagnostics'] },
  opentelemetry: { imports: ['diagnostics'], types: ['runtime'], modules: ['@opentelemetry/api'] },
  prometheus: { imports: ['outbox'], types: ['runtime', 'postgres'], modules: ['prom-client'] },
  runtime: {
    imports: ['files', 'messages', 'model', 'diagnostics'],
    types: ['idempotency'],
    whenNeeded: ['load', 'ajv', 'ajv-formats', 'idempotency'],
    modules: ['@standard-schema/spec', 'amqplib', 'limiter', 'node:fs', 'node:os'],
    globals: ['process.env', 'process.on', 'process.stdout'],
  },
  broker: {
    imports: ['files', 'diagnostics'],
    whenNeeded: ['testcontainers'],
    modules: ['node:child_process', 'node:fs', 'node:http', 'node:net', 'node:os', 'node:readline'],
    globals: ['process.env', 'process.on', 'process.stdout', 'process.exit', 'fetch'],
  },
  verbs: {
    imports:
      'source declaration expand load management live records plan messages dead-letters apply render broker typings model diagnostics'.split(
        ' ',
      ),
  },
  testing: {
    imports: ['broker', 'verbs', 'load', 'management', 'runtime', 'model', 'diagnostics'],
    types: ['messages'],
    whenNeeded: ['idempotency'],
    modules: ['amqplib'],
    globals: ['process.env'],
  },
  cli: {
    imports: ['files', 'verbs', 'render', 'broker', 'model', 'diagnostics'],
    types: ['management', 'messages', 'dead-letters', 'plan', 'apply'],
    modules: ['commander', 'node:fs', 'node:readline', 'node:v8'],
    globals: ['process.env', 'process.on', 'process.stdout', 'process.exit'],
  },
}

/** Modules that compute and reach nothing; every folder may use them. */
export const HARMLESS = [
  'node:buffer',
  'node:crypto',
  'node:events',
  'node:path',
  'node:timers',
  'node:url',
  'node:util',
]

/** What to do instead of reaching out from the wrong folder. */
export const INSTEAD: Readonly<Record<string, string>> = {
  ajv: 'check against schemas in declaration',
  'ajv-formats': 'check against schemas in runtime or load',
  amqplib: 'talk AMQP in runtime or messages',
  commander: 'read the command line in cli',
  diff: 'make text for people in render',
  'json-schema-to-typescript': 'make types in typings',
  'lru-cache': 'keep what has been done in idempotency',
  '@opentelemetry/api': 'trace in opentelemetry, through the instrumentation of the runtime',
  'prom-client': 'count in prometheus, by the events of the runtime',
  limiter: 'pace deliveries in runtime',
  'node:child_process': 'start processes in broker',
  'node:fs': 'read files with files/read-regular-file.ts in source or load, and pass on what they hold',
  'node:http': 'send requests through management',
  'node:https': 'send requests through management',
  'node:net': 'send requests through management, messages through runtime',
  'oniguruma-parser': 'check regular expressions in expand',
  picocolors: 'colour in render',
  testcontainers: 'start containers in broker',
  undici: 'send requests through management',
  yaml: 'read YAML in source, write it in render',
}

/** Globals that reach out of the program, and what to do instead. */
export const GLOBALS: Readonly<Record<string, { readonly pattern: RegExp; readonly instead: string }>> = {
  'process.env': { pattern: /\bprocess\.env\b/, instead: 'take the environment as an argument; cli reads it' },
  'process.on': { pattern: /\bprocess\.(on|once)\(/, instead: 'take an AbortSignal; cli listens to signals' },
  'process.stdout': {
    pattern: /\bprocess\.(stdout|stderr|stdin)\b/,
    instead: 'return what is to be told; cli prints it',
  },
  'process.exit': {
    pattern: /\bprocess\.exit(Code)?\b/,
    instead: 'throw a WarrenError with an exit code; cli ends the process',
  },
  fetch: { pattern: /(?<![.\w])fetch\(/, instead: 'send requests through management' },
}
