import { fileCommand } from './file-command.ts'

const EXAMPLES = `
Examples:
  warren types topology.yaml --out src/topology.d.ts
  warren types topologies/ > topology.d.ts
`

/** `warren types`: TypeScript types of publications, subscriptions and their messages. */
export const addTypesCommand = fileCommand({
  name: 'types',
  description: 'write TypeScript types of the publications, subscriptions and their messages',
  examples: EXAMPLES,
  generate: async (files) => {
    const { generateTypes } = await import('../../../operations/files/generate-types.ts')
    const generated = await generateTypes(files)
    const remarks = generated.gaps.map(
      ({ route, reason }) =>
        `The messages of "${route}" have no type, because their schema cannot be converted: ${reason}`,
    )
    return { ...generated, remarks }
  },
})
