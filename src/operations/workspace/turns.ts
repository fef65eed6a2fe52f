import type { RunPart, Turn } from '../../apply/turn.ts'

/** One part of one run. */
interface Step {
  readonly project: string
  readonly part: RunPart
}

/**
 * Makes the runs of an environment take turns: claims first, then creates and updates in the order of the references,
 * then deletes in reverse order. In a cycle of references, all exchanges and queues come first.
 */
export class Turns {
  readonly #steps: Step[]
  readonly #ended = new Set<string>()
  readonly #missing = new Set<string>()
  readonly #waiting = new Map<string, { readonly part: RunPart; readonly resolve: () => void }>()
  readonly #cyclic: ReadonlySet<string>

  /**
   * @param groups the projects in the order of their references; a group with several projects is a cycle
   * @param deletes the order in which the projects delete
   */
  constructor(groups: readonly (readonly string[])[], deletes: readonly string[]) {
    this.#cyclic = new Set(groups.filter(({ length }) => length > 1).flat())
    const all = (projects: readonly string[], part: RunPart) => projects.map((project) => ({ project, part }))
    const projects = groups.flat()
    this.#steps = [
      ...all(projects, 'claim'),
      ...groups.flatMap((group) => [...all(group, 'writes'), ...(group.length > 1 ? all(group, 'rest') : [])]),
      ...all(deletes, 'deletes'),
    ]
  }

  /** The turn of a project. */
  of(project: string): Turn {
    return {
      isInCycle: this.#cyclic.has(project),
      begin: (part) => this.#begin(project, part),
      isMissing: (address) => this.#missing.has(address),
    }
  }

  /** Records that objects of a run do not exist, so that changes that refer to them are skipped. */
  miss(addresses: Iterable<string>): void {
    for (const each of addresses) this.#missing.add(each)
  }

  /** Ends the run of a project, or leaves it out, so that no other run waits for it. */
  end(project: string): void {
    this.#ended.add(project)
    this.#advance()
  }

  async #begin(project: string, part: RunPart): Promise<void> {
    const index = this.#steps.findIndex((step) => step.project === project && step.part === part)
    // Its earlier parts are done.
    const over = this.#steps.filter((step, at) => at < index && step.project === project)
    for (const step of over) this.#drop(step)
    await new Promise<void>((resolve) => {
      this.#waiting.set(project, { part, resolve })
      this.#advance()
    })
  }

  #drop(step: Step): void {
    this.#steps.splice(this.#steps.indexOf(step), 1)
  }

  #advance(): void {
    while (this.#steps[0] !== undefined && this.#ended.has(this.#steps[0].project)) this.#steps.shift()
    const next = this.#steps[0]
    const waiting = next && this.#waiting.get(next.project)
    if (next === undefined || waiting?.part !== next.part) return
    this.#waiting.delete(next.project)
    waiting.resolve()
  }
}
