/**
 * The measured tasks of a provisioner. A new provisioner is a file in this folder that exports `prepare`.
 *
 * @typedef {'plan' | 'apply' | 'delete'} Verb
 *
 * @typedef {object} ProvisionJob
 * @property {string} provisioner the name of its file
 * @property {Verb} verb
 * @property {string} vhost an existing one
 * @property {number} queues the desired number, each with a binding
 * @property {number} before how many of them exist already
 * @property {import('./management-api.js').Connection} connection
 * @property {number} [parallelism] the number of concurrent requests; each provisioner has its own default
 * @property {readonly number[]} brokerProcesses
 * @property {string} folder for files
 *
 * @callback Prepare prepares a task, and returns the function that is timed
 * @param {ProvisionJob} job
 * @returns {Promise<() => Promise<unknown>>}
 */

/** The name of the provisioner that needs Debian packages. */
export const ANSIBLE = 'Ansible modules'

/** The timed tasks, in their order. */
export const WORKS = [
  { work: 'plan, all new', verb: 'plan', state: 'empty' },
  { work: 'apply, all new', verb: 'apply', state: 'empty' },
  { work: 'plan, nothing to do', verb: 'plan', state: 'complete' },
  { work: 'plan, 1 % changed', verb: 'plan', state: 'changed' },
  { work: 'apply, 1 % changed', verb: 'apply', state: 'changed' },
  { work: 'delete all', verb: 'delete', state: 'grown' },
]
