import type { NotExported } from '../../model/not-exported.ts'

/** The parts of a broker's state, as phrases for people. */
export const STATE_WORDS: { readonly [U in NotExported]: string } = {
  exchanges: 'exchanges',
  queues: 'queues',
  bindings: 'bindings',
  policies: 'policies',
  'operator-policies': 'operator policies',
  parameters: 'parameters',
  'vhost-limits': 'limits of vhosts',
  users: 'users',
  permissions: 'permissions',
  'topic-permissions': 'topic permissions',
  'global-parameters': 'global parameters',
  'internal-exchanges': 'internal exchanges',
  'vhost-metadata': 'description, tags and default queue type of vhosts',
}
