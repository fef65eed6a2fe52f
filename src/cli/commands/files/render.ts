import { fileCommand } from './file-command.ts'

const EXAMPLES = `
Examples:
  warren render topology.yaml
  warren render topologies/ --overlay prod.yaml --var region=eu --out rendered.yaml
  warren render --project billing --environment prod
`

/** `warren render`: the topology with everything expanded. */
export const addRenderCommand = fileCommand({
  name: 'render',
  description: 'print the topology with templates, repetitions, variables and overlays resolved',
  examples: EXAMPLES,
  generate: async (files, out) => {
    const { render } = await import('../../../operations/files/render.ts')
    return render({ ...files, ...(out !== undefined && { file: out }) })
  },
})
