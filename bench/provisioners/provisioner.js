/**
 * What is measured of each provisioner; a new one is a file beside this one that exports `prepare`.
 *
 * @typedef {'plan' | 'apply' | 'delete'} Verb
 *
 * @typedef {object} ProvisionJob
 * @property {string} provisioner the name of its file
 * @property {Verb} verb
 * @property {string} vhost which is there
 * @property {number} queues how many are wanted, with a binding each
 * @property {number} before how many of them are there already
 * @property {import('./management-api.js').Connection} connection
 * @property {number} [parallelism] how many requests at a time; each provisioner has a default of its own
 * @property {readonly number[]} brokerProcesses
 * @property {string} folder for files
 *
 * @callback Prepare gets ready, and returns the work that is timed
 * @param {ProvisionJob} job
 * @returns {Promise<() => Promise<unknown>>}
 */

/** The name of the provisioner that needs programs of Debian. */
export const ANSIBLE = 'Ansible modules'

/** The works that are timed, in their order. */
export const WORKS = [
  { work: 'plan, all new', verb: 'plan', state: 'empty' },
  { work: 'apply, all new', verb: 'apply', state: 'empty' },
  { work: 'plan, nothing to do', verb: 'plan', state: 'complete' },
  { work: 'plan, 1 % changed', verb: 'plan', state: 'changed' },
  { work: 'apply, 1 % changed', verb: 'apply', state: 'changed' },
  { work: 'delete all', verb: 'delete', state: 'grown' },
]
