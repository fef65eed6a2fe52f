import { type FrameworkRules, UUID } from './rule.ts'

const NAMESPACE_NAME = new RegExp(`^${UUID}:.`)
const NAMESPACE = 'A test run with `namespace: true` declares it under a prefix of its own. It may be a leftover.'

/**
 * The declarations of rascal under its own names, from onebeyond/rascal 21.0.1: `lib/config/fqn.js` and
 * `lib/config/configure.js`. All other names belong to the application. Names of tenants may look like namespaces, so
 * an export keeps these objects.
 */
export const RASCAL: FrameworkRules = {
  framework: 'rascal',
  exchanges: [{ what: 'namespace', role: 'application', name: NAMESPACE_NAME, why: NAMESPACE }],
  queues: [
    {
      what: 'reply queue',
      role: 'infrastructure',
      name: new RegExp(`^.+:${UUID}$`),
      shape: ({ durable, autoDelete, arguments: table }) => !durable || autoDelete || 'x-expires' in table,
      why: 'One process receives its replies here (`replyTo`). It declares a new one at every start.',
    },
    { what: 'namespace', role: 'application', name: NAMESPACE_NAME, why: NAMESPACE },
  ],
}
