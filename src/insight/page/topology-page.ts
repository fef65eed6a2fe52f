import type { Routes } from '../../model/routes.ts'
import type { Topology } from '../../model/topology.ts'
import type { Graph } from '../graph/graph.ts'
import type { LintFinding } from '../lint/lint.ts'
import type { Survey } from '../survey/survey.ts'

/** The content of a page about a topology, as plain data without secrets. */
export interface TopologyPage {
  /** The subject of the page: a project, a broker or a file. */
  readonly subject: string
  readonly graph: Graph
  /** The topology in which a message is traced. */
  readonly routed: RoutedTopology
  /** In the order of lint. */
  readonly findings: readonly PageFinding[]
  /** The figures of a broker. Absent unless it was surveyed. */
  readonly survey?: Survey
}

/** A topology and its routes, from which `routedVhosts` makes the model of routing again. */
export interface RoutedTopology {
  /** Without passwords, parameters and positions in files. */
  readonly topology: Topology
  /** Without the schemas of messages. */
  readonly routes: Routes
  /** The version of the broker whose rules apply. */
  readonly version: string
  /** False if users and their rights could not be read. */
  readonly usersKnown: boolean
}

/** A finding of lint, with the node that it is shown at. */
export interface PageFinding extends Pick<
  LintFinding,
  'rule' | 'severity' | 'message' | 'hint' | 'address' | 'meaning' | 'remedy'
> {
  /** The id of a node of the graph. Absent if the finding is about no node. */
  readonly node?: string
}
