import { topologySchema } from './schema/schema.ts'

/** The header keys of a document; all others are sections. */
export const HEADER_KEYS: ReadonlySet<string> = new Set([
  'warren',
  'project',
  'vhost',
  'takesOver',
  'projectRenamedFrom',
  'description',
  'labels',
  'use',
  'defaults',
  'templates',
  'forEach',
])

/** All keys that a document may have. */
export const DOCUMENT_KEYS: readonly string[] = Object.keys(topologySchema.properties)

/** Sections that are lists, not tables by name. The lists of several documents are concatenated. */
export const LIST_SECTIONS: ReadonlySet<string> = new Set(['bindings'])

/** The name of one entry of a section. */
export const KIND_OF_SECTION: Readonly<Record<string, string>> = {
  exchanges: 'exchange',
  queues: 'queue',
  users: 'user',
  publications: 'publication',
  requests: 'request',
  subscriptions: 'subscription',
  policies: 'policy',
  operatorPolicies: 'operator policy',
  parameters: 'component',
  globalParameters: 'global parameter',
  shovels: 'shovel',
  federationUpstreams: 'federation upstream',
  federationUpstreamSets: 'federation upstream set',
  superStreams: 'super stream',
}

/** The sections in which a name without a value is an empty declaration. */
export const SECTIONS_OF_NAMES = ['exchanges', 'queues', 'users', 'publications', 'requests', 'subscriptions'] as const

/** The sections that only an administrator needs: programs do not use them, or the values that they refer to. */
export const ADMINISTRATIVE_SECTIONS: ReadonlySet<string> = new Set([
  'users',
  'parameters',
  'globalParameters',
  'shovels',
  'federationUpstreams',
])

/** Properties of a user that only one document may set. */
export const USER_SETTINGS = ['password', 'passwordHash', 'hashingAlgorithm', 'tags', 'limits'] as const

/** Properties of a user whose references are resolved only if a command needs the secret. */
export const WRITTEN_SECRETS: ReadonlySet<string> = new Set(['password', 'passwordHash'])

/** The sections whose entries belong to warren; the entries of other sections belong to the broker or a plugin. */
export const DESCRIBED_SECTIONS = [
  'exchanges',
  'queues',
  'users',
  'publications',
  'requests',
  'subscriptions',
  'policies',
  'operatorPolicies',
  'superStreams',
] as const
