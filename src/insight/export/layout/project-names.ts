import { cutOff, DistinctNames, fileNameOf } from './file-names.ts'

/** In bytes, so that the name of a group fits after it. */
const LONGEST_PART = 100

/** Names projects and their files. A project has one file in each virtual host. */
export class ProjectNames {
  readonly #single: string | undefined
  readonly #parts: ReadonlyMap<string, string>
  readonly #folders = new DistinctNames(['EXPORT.md', 'warren.config', 'secrets.env'])
  readonly #files = new Map<string, DistinctNames>()

  /** @param vhosts the names of all exported virtual hosts, sorted */
  constructor(vhosts: readonly string[], single: string | undefined) {
    this.#single = single
    this.#parts = new Map(vhosts.length > 1 ? vhosts.map((vhost) => [vhost, partOf(vhost, vhosts)]) : [])
    for (const vhost of vhosts) this.#folderOf(vhost)
  }

  /** The project of a group, or of objects that do not belong to one virtual host. */
  projectOf(group: string, vhost?: string): string {
    const part = vhost === undefined ? undefined : this.#parts.get(vhost)
    return this.#single ?? cutOff(part === undefined ? group : `${part}.${group}`)
  }

  /** The file of a project in a virtual host, relative to the folder of the export. */
  pathOf(project: string, vhost: string): string {
    const folder = this.#folderOf(vhost)
    if (project === this.#single) return `${folder}.yaml`
    const files = this.#files.get(vhost) ?? new DistinctNames()
    this.#files.set(vhost, files)
    const part = this.#parts.get(vhost)
    const group = part !== undefined && project.startsWith(`${part}.`) ? project.slice(part.length + 1) : project
    return `${folder}/${files.of(project, fileNameOf(group) || '_')}.yaml`
  }

  #folderOf(vhost: string): string {
    return this.#folders.of(vhost, fileNameOf(vhost) || '_')
  }
}

/**
 * The name of a virtual host as part of a project name: without its leading slashes, unless another virtual host has
 * that name.
 */
function partOf(vhost: string, vhosts: readonly string[]): string {
  const bare = vhost.replace(/^\/+/, '') || 'default'
  const isTaken = vhosts.some((each) => each !== vhost && (each.replace(/^\/+/, '') || 'default') === bare)
  const part = isTaken ? vhost : bare
  return cutOff(part, part, LONGEST_PART)
}
