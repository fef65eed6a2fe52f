import { fileCommand } from './file-command.ts'

const EXAMPLES = `
Examples:
  warren compile topology.yaml --out topology.json
  warren compile topologies/ > topology.json
  warren compile tenants.yaml --vhost acme --out acme.json      # only this vhost, without names of other tenants
`

/** `warren compile`: the checked topology as one JSON file for the runtime. */
export const addCompileCommand = fileCommand({
  name: 'compile',
  description: 'write the checked topology as one JSON file, which the runtime loads quickly',
  examples: EXAMPLES,
  choosesVhosts: true,
  generate: async (files) => (await import('../../../operations/files/compile.ts')).compile(files),
})
