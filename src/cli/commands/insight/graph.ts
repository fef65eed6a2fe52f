import type { Graph, GroupBy, NodeKind } from '../../../insight/graph/graph.ts'
import type { GraphOptions } from '../../../operations/pictures/graph.ts'
import type { GraphPageOptions } from '../../../operations/pictures/graph-page.ts'
import { ExitCode } from '../../exit-code.ts'
import { checkOutputs } from '../../check-outputs.ts'
import { collect } from '../../options/collect.ts'
import { lintSettingsOf } from '../../options/lint-flags.ts'
import { oneOf } from '../../options/one-of.ts'
import { addRoutedOptions, type RoutedFlags, routedOptions } from '../../options/routed-options.ts'
import type { Io } from '../../output/io.ts'
import { READABLE } from '../../output/write-file-to.ts'
import type { AddCommand } from '../add-command.ts'

const GROUPINGS = ['prefix', 'owner', 'vhost'] as const satisfies readonly GroupBy[]
const NODE_KINDS = ['publication', 'exchange', 'queue', 'subscription'] as const satisfies readonly NodeKind[]

const EXAMPLES = `
Examples:
  warren graph topology.yaml > topology.mmd         # a Mermaid flowchart, which GitHub and GitLab draw in Markdown
  warren graph topologies/ --format dot --out topology.dot
  warren graph topologies/ --format svg --out topology.svg
  warren graph topologies/ --format html --out topology.html   # a page to search, filter and trace messages in
  warren graph topologies/ --owner billing          # with links to the neighbors of this owner
  warren graph topologies/ --group-by owner --kind exchange --kind queue
  warren graph topology.yaml --plan plan.json       # what the plan adds, changes and deletes
  warren graph topologies/ --live                   # the files, with the messages and consumers of the broker
  warren graph --live --vhost orders                # the objects of the broker
  warren graph --from definitions.json --prefix billing.

Retries and the dead-letter queue of a queue are lines in its box. --vhost NAME draws only this vhost.
`

interface GraphFlags extends RoutedFlags {
  readonly format: string
  readonly groupBy?: string
  readonly owner?: readonly string[]
  readonly prefix?: readonly string[]
  readonly kind?: readonly string[]
  readonly plan?: string
  readonly out?: string
}

/** `warren graph`: a picture of the topology. */
export const addGraphCommand: AddCommand = (program, io, exitWith) => {
  addRoutedOptions(program.command('graph'))
    .description('draw exchanges, queues, bindings and routes; read-only')
    .option('--format <format>', 'mermaid, dot, svg or html', 'mermaid')
    .option(
      '--group-by <what>',
      'prefix, owner or vhost (default: vhost, or prefix if a vhost has more than 40 exchanges, queues and routes)',
    )
    .option(
      '--owner <name>',
      'only objects with this owner: the label in the files, or the project; repeatable',
      collect,
    )
    .option(
      '--prefix <text>',
      'only exchanges and queues whose names begin with this text, and their routes; repeatable',
      collect,
    )
    .option('--kind <kind>', 'only publication, exchange, queue or subscription; repeatable', collect)
    .option('--plan <file>', 'mark what this saved plan adds, changes, replaces and deletes')
    .option('--out <file>', 'write to this file instead of stdout')
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (paths: string[], flags: GraphFlags) => {
        const format = oneOf('--format', flags.format, ['mermaid', 'dot', 'svg', 'html'])
        const groupBy = flags.groupBy === undefined ? undefined : oneOf('--group-by', flags.groupBy, GROUPINGS)
        const kinds = (flags.kind ?? []).map((kind) => oneOf('--kind', kind, NODE_KINDS))
        const vhosts = (flags.vhost ?? []).filter((each) => !each.includes('='))
        const routed = await routedOptions(paths, flags, io)
        const inputs = [
          ...(routed.files?.paths ?? []),
          ...[flags.from, flags.plan].filter((path) => path !== undefined),
        ]
        checkOutputs(flags, { ...routed.files, paths: inputs })
        const plan = flags.plan === undefined ? undefined : await savedPlan(flags.plan, io)
        const options = {
          ...routed,
          ...(groupBy && { groupBy }),
          ...(plan && { plan }),
          filter: { vhosts, owners: flags.owner ?? [], prefixes: flags.prefix ?? [], kinds },
        }
        const { groups, text } = await (format === 'html'
          ? pageText({ ...options, lintSettings: await lintSettingsOf(flags, io) })
          : graphText(options, format))
        if (groups.length === 0) io.err('Nothing is drawn: no exchange, queue or route matches.\n')
        writePicture(flags.out, text, format, io)
        return ExitCode.done
      }),
    )
}

async function graphText(options: GraphOptions, format: 'mermaid' | 'dot' | 'svg') {
  const { graph } = await import('../../../operations/pictures/graph.ts')
  const drawn = await graph(options)
  return { groups: drawn.groups, text: await textOf(drawn, format) }
}

async function textOf(drawn: Graph, format: 'mermaid' | 'dot' | 'svg'): Promise<string> {
  if (format === 'svg') {
    const { drawGraph } = await import('../../../render/formats/draw-graph.ts')
    return drawGraph(drawn)
  }
  const { formatGraph } = await import('../../../render/formats/format-graph.ts')
  return formatGraph(drawn, { format })
}

async function pageText(options: GraphPageOptions) {
  const { graphPage } = await import('../../../operations/pictures/graph-page.ts')
  const { drawPage } = await import('../../../render/formats/draw-page.ts')
  const page = await graphPage(options)
  return { groups: page.graph.groups, text: await drawPage(page) }
}

function writePicture(out: string | undefined, text: string, format: string, io: Io): void {
  if (format === 'html') {
    // Its data is masked already, and a mask in its code would break the page.
    if (out === undefined) io.reveal(text)
    else io.rewrite(out, text, READABLE)
  } else if (out === undefined) io.out(text)
  else io.file('--out', out, text, READABLE)
}

async function savedPlan(path: string, io: Io) {
  const { show } = await import('../../../operations/change/show.ts')
  return show(path, io.readInput)
}
