/** The permitted imports and effects of the files in one folder of `src`. */
export interface Room {
  /** Folders that may be imported. */
  readonly imports: readonly string[]
  /** Folders of which only types may be imported. */
  readonly types?: readonly string[]
  /** Folders and packages that may be imported only on demand, with `import()`. */
  readonly whenNeeded?: readonly string[]
  /** Packages and Node modules with effects outside the program, in addition to those in `HARMLESS`. */
  readonly modules?: readonly string[]
  /** Globals of the process, see `GLOBALS`. */
  readonly globals?: readonly string[]
}

/**
 * The allowed imports; a row applies to a folder with all its sub-folders, except those with their own row.
 * docs/architecture.md describes the folders.
 */
export const ROOMS: Readonly<Record<string, Room>> = {
  files: { imports: [], modules: ['node:fs'] },
  diagnostics: { imports: [], modules: ['fastest-levenshtein'] },
  model: { imports: ['diagnostics'] },
  desired: { imports: [] },
  'desired/source': { imports: ['files', 'diagnostics', 'model'], modules: ['node:fs', 'yaml'] },
  'desired/declaration': {
    imports: ['desired', 'desired/source', 'diagnostics', 'model'],
    modules: ['ajv', 'node:module'],
  },
  'desired/workspace': {
    imports: ['desired', 'files', 'desired/source', 'desired/declaration', 'diagnostics', 'model'],
    modules: ['ajv', 'node:fs', 'node:module'],
  },
  'desired/tests': {
    imports: ['desired', 'files', 'desired/source', 'desired/declaration', 'diagnostics', 'model'],
    modules: ['ajv', 'node:fs', 'node:module'],
  },
  'desired/expand': { imports: ['desired/declaration', 'model', 'diagnostics'] },
  'desired/load': {
    imports: ['desired', 'files', 'desired/source', 'desired/declaration', 'desired/expand', 'model', 'diagnostics'],
    whenNeeded: ['ajv', 'ajv-formats'],
    modules: ['node:fs'],
  },
  'broker/management': { imports: ['diagnostics', 'model'], modules: ['undici'] },
  'broker/records': { imports: ['model', 'diagnostics'] },
  'broker/live': { imports: ['broker/management', 'broker/records', 'model', 'diagnostics'] },
  'broker/snapshot': { imports: ['broker/management', 'broker/records', 'broker/live', 'model', 'diagnostics'] },
  plan: { imports: ['broker/records', 'model', 'diagnostics'] },
  'broker/amqp': { imports: ['model', 'diagnostics'], modules: ['amqplib', 'limiter', 'node:zlib'] },
  'operate/dead-letters': { imports: ['broker/amqp', 'model', 'diagnostics'], modules: ['amqplib'] },
  'operate/doctor': {
    imports: ['insight/survey', 'insight/lint', 'insight/frameworks', 'plan', 'model', 'diagnostics'],
    types: ['broker/snapshot', 'broker/live'],
  },
  'operate/drift': { imports: ['model', 'diagnostics'], types: ['plan'] },
  'operate/drift/serve': { imports: ['diagnostics'], modules: ['node:http', 'undici'] },
  apply: {
    imports: ['plan', 'broker/records', 'model', 'broker/live', 'broker/management', 'broker/amqp', 'diagnostics'],
  },
  render: {
    imports: ['plan', 'apply', 'model', 'diagnostics'],
    types: [
      'operate/dead-letters',
      'operate/doctor',
      'insight/lint',
      'insight/survey',
      'insight/routing',
      'insight/trace',
      'insight/graph',
      'insight/docs',
      'insight/page',
      'insight/breaking',
      'insight/tests',
      'broker/snapshot',
    ],
    whenNeeded: ['rolldown'],
    modules: ['diff', 'node:zlib', 'picocolors', 'yaml', '@hpcc-js/wasm-graphviz'],
  },
  'insight/definitions': { imports: ['model'], types: ['insight/export'] },
  'insight/rascal': { imports: ['model'], types: ['insight/export'] },
  'insight/export': {
    imports: ['insight/groups', 'desired', 'desired/source', 'broker/snapshot', 'model', 'diagnostics'],
    types: ['insight/frameworks'],
  },
  'insight/frameworks': { imports: ['model'] },
  'insight/groups': { imports: [] },
  'insight/survey': {
    imports: ['insight/groups', 'model', 'diagnostics'],
    types: ['broker/snapshot', 'broker/live', 'insight/frameworks'],
  },
  'insight/breaking': { imports: ['insight/routing', 'model', 'diagnostics'], whenNeeded: ['ajv', 'ajv-formats'] },
  'insight/lint': { imports: ['insight/routing', 'insight/survey', 'plan', 'model', 'diagnostics'] },
  'insight/routing': { imports: ['model', 'diagnostics'] },
  'insight/trace': { imports: ['insight/routing', 'model'] },
  'insight/docs': { imports: ['insight/graph', 'insight/routing', 'insight/trace', 'model'] },
  'insight/page': {
    imports: ['insight/graph', 'insight/routing', 'model', 'diagnostics'],
    types: ['insight/lint', 'insight/survey'],
  },
  // Code that runs in the browser may use the document of the page, and nothing else outside the program.
  page: {
    imports: ['insight/page', 'insight/graph', 'insight/routing', 'insight/trace', 'render', 'model', 'diagnostics'],
  },
  'insight/graph': {
    imports: ['insight/groups', 'insight/routing', 'insight/trace', 'model'],
    types: ['plan'],
  },
  'insight/tests': {
    imports: ['insight/trace', 'insight/routing', 'model', 'diagnostics'],
    types: ['desired/tests'],
  },
  'insight/types': { imports: ['model', 'diagnostics'], whenNeeded: ['json-schema-to-typescript'] },
  'runtime/postgres': { imports: ['diagnostics'] },
  'runtime/redis': { imports: [] },
  'runtime/idempotency': { imports: ['runtime/postgres', 'runtime/redis', 'diagnostics'], modules: ['lru-cache'] },
  'runtime/offsets': { imports: ['runtime/postgres', 'runtime/redis', 'files', 'diagnostics'], modules: ['node:fs'] },
  'runtime/outbox': { imports: ['runtime/postgres', 'runtime', 'diagnostics'] },
  'runtime/opentelemetry': { imports: ['diagnostics'], types: ['runtime'], modules: ['@opentelemetry/api'] },
  'runtime/prometheus': {
    imports: ['runtime/outbox'],
    types: ['runtime', 'runtime/postgres'],
    modules: ['prom-client'],
  },
  'runtime/nestjs': { imports: ['runtime', 'diagnostics'], modules: ['@nestjs/core'] },
  'runtime/fastify': { imports: [], types: ['runtime'] },
  'runtime/express': { imports: ['runtime'], types: [], modules: ['node:http'] },
  runtime: {
    imports: ['files', 'broker/amqp', 'model', 'diagnostics'],
    types: ['runtime/idempotency', 'runtime/offsets'],
    whenNeeded: ['desired/load', 'ajv', 'ajv-formats', 'runtime/idempotency'],
    modules: ['@standard-schema/spec', 'amqplib', 'node:fs', 'node:os'],
    globals: ['process.env', 'process.on', 'process.stdout'],
  },
  'testing/throwaway': {
    imports: ['testing', 'files', 'diagnostics'],
    whenNeeded: ['testcontainers'],
    modules: ['node:child_process', 'node:fs', 'node:http', 'node:net', 'node:os', 'node:readline'],
    globals: ['process.env', 'process.on', 'process.stdout', 'process.exit', 'fetch'],
  },
  git: { imports: ['diagnostics'], modules: ['node:child_process', 'node:fs', 'node:os'] },
  operations: {
    whenNeeded: ['runtime'],
    imports:
      'files git desired desired/source desired/declaration desired/expand desired/load desired/workspace desired/tests broker/management broker/live broker/records broker/snapshot plan broker/amqp operate/dead-letters operate/doctor operate/drift operate/drift/serve apply render testing/throwaway insight/types insight/groups insight/definitions insight/rascal insight/export insight/frameworks insight/lint insight/survey insight/routing insight/trace insight/graph insight/docs insight/page insight/breaking insight/tests model diagnostics'.split(
        ' ',
      ),
  },
  'testing/handlers': {
    imports: ['testing', 'runtime', 'broker/amqp', 'model', 'diagnostics'],
    whenNeeded: ['runtime/idempotency'],
    modules: ['amqplib'],
    globals: ['process.env'],
  },
  testing: {
    imports: [
      'testing/throwaway',
      'testing/handlers',
      'operations',
      'desired/load',
      'broker/management',
      'model',
      'diagnostics',
    ],
    types: ['broker/amqp'],
    globals: ['process.env'],
  },
  cli: {
    imports: ['files', 'operations', 'render', 'testing/throwaway', 'model', 'diagnostics'],
    types: [
      'broker/management',
      'broker/snapshot',
      'insight/lint',
      'insight/survey',
      'insight/graph',
      'broker/amqp',
      'operate/dead-letters',
      'operate/doctor',
      'plan',
      'apply',
    ],
    modules: ['commander', 'node:fs', 'node:os', 'node:readline', 'node:v8'],
    globals: ['process.env', 'process.on', 'process.stdout', 'process.exit'],
  },
}

/** Modules that only compute; every folder may use them. */
export const HARMLESS = [
  'node:buffer',
  'node:crypto',
  'node:events',
  'node:path',
  'node:timers',
  'node:url',
  'node:util',
]

/** The advice for an effect outside the program in the wrong folder. */
export const INSTEAD: Readonly<Record<string, string>> = {
  ajv: 'check against schemas in desired/declaration',
  'ajv-formats': 'check against schemas in runtime or load',
  '@hpcc-js/wasm-graphviz': 'lay out graphs in render',
  amqplib: 'talk AMQP in broker/amqp or runtime',
  commander: 'read the command line in cli',
  diff: 'make text for people in render',
  'json-schema-to-typescript': 'make types in insight/types',
  'lru-cache': 'keep what has been done in runtime/idempotency',
  '@opentelemetry/api': 'trace in runtime/opentelemetry, through the instrumentation of the runtime',
  'prom-client': 'count in runtime/prometheus, by the events of the runtime',
  limiter: 'pace deliveries with broker/amqp/rate-limit.ts',
  'node:child_process': 'start processes in testing/throwaway, ask git in git',
  'node:fs': 'read files with files/read-regular-file.ts in source or load, and pass on what they hold',
  'node:http': 'send requests through broker/management',
  'node:https': 'send requests through broker/management',
  'node:net': 'send requests through broker/management, messages through runtime',
  picocolors: 'colour in render',
  testcontainers: 'start containers in testing/throwaway',
  undici: 'send requests through broker/management',
  yaml: 'read YAML in desired/source, write it in render',
}

/** Globals with effects outside the program, and what to do instead. */
export const GLOBALS: Readonly<Record<string, { readonly pattern: RegExp; readonly instead: string }>> = {
  'process.env': { pattern: /\bprocess\.env\b/, instead: 'take the environment as an argument; cli reads it' },
  'process.on': { pattern: /\bprocess\.(on|once)\(/, instead: 'take an AbortSignal; cli listens to signals' },
  'process.stdout': {
    pattern: /\bprocess\.(stdout|stderr|stdin)\b/,
    instead: 'return the text; cli prints it',
  },
  'process.exit': {
    pattern: /\bprocess\.exit(Code)?\b/,
    instead: 'throw a WarrenError with an exit code; cli ends the process',
  },
  fetch: { pattern: /(?<![.\w])fetch\(/, instead: 'send requests through broker/management' },
}
