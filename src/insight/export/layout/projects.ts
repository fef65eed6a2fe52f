import { addressOf } from '../../../model/address.ts'
import {
  type Kind,
  KINDS,
  type ObjectOf,
  objectsOf,
  type Topology,
  topologyOf,
  type User,
  type VirtualHost,
} from '../../../model/topology.ts'
import { byVhost } from '../../../broker/snapshot/by-vhost.ts'
import type { DocumentPart } from '../documents/document.ts'
import type { SecretReferences } from '../documents/secret-references.ts'
import type { UserPart } from '../documents/user-entry.ts'
import type { ExportChoices, ExportInput } from '../export-input.ts'
import { ACCESS, placeObjects, SHARED } from './placement.ts'
import type { ProjectNames } from './project-names.ts'

interface ProjectsInput {
  readonly input: ExportInput
  readonly choices: ExportChoices
  readonly names: ProjectNames
  /** The names of all exported virtual hosts, sorted. */
  readonly vhosts: readonly string[]
}

/** The descriptions of a vhost that nobody has changed. */
const DEFAULT_DESCRIPTIONS = new Set(['', 'Default virtual host'])

/** Decides which project declares which object. */
export class Projects {
  readonly #topology: Topology
  readonly #input: ProjectsInput
  readonly #projects = new Map<string, string>()
  /** The objects of each project by virtual host, then by project. */
  readonly #parts = new Map<string, Map<string, Map<Kind, ObjectOf[Kind][]>>>()
  /** The virtual host in which a project declares the properties of a user, by user name. */
  readonly #homes = new Map<string, string>()

  constructor(topology: Topology, input: ProjectsInput) {
    this.#topology = topology
    this.#input = input
    const { choices, names, vhosts } = input
    for (const [vhost, objects] of byVhost(topology, vhosts)) {
      for (const [address, group] of placeObjects(vhost, objects, choices.rules)) {
        // A rule names one project for all virtual hosts.
        const isNamed = choices.rules?.some(({ project }) => project === group) === true
        this.#place(address, isNamed && choices.singleProject === undefined ? group : names.projectOf(group, vhost))
      }
    }
    const home = vhosts.includes('/') ? '/' : (vhosts[0] ?? '')
    this.#placeUsers()
    for (const each of topology.vhosts) {
      if (isClaimed(each) || this.#recorded(addressOf('vhost', each)) !== undefined) {
        this.#place(addressOf('vhost', each), names.projectOf(SHARED, each.name))
        this.#add('vhost', each, each.name)
      }
    }
    for (const each of topology.globalParameters) {
      this.#place(addressOf('global-parameter', each), names.projectOf(SHARED, home))
      this.#add('global-parameter', each, home)
    }
    for (const kind of KINDS) this.#addAll(kind)
    this.#findHomes()
  }

  /** The project that declares an object; undefined if none does. */
  of(address: string): string | undefined {
    return this.#projects.get(address)
  }

  /** The objects that each project declares in a virtual host. */
  partsOf(vhost: VirtualHost, hashes: SecretReferences | undefined): readonly DocumentPart[] {
    const projects = this.#parts.get(vhost.name) ?? new Map<string, Map<Kind, ObjectOf[Kind][]>>()
    const users = this.#usersIn(vhost.name, hashes)
    return [...new Set([...projects.keys(), ...users.keys()])].map((project) => {
      const objects = projects.get(project)
      const ofKind = <K extends Kind>(kind: K): readonly ObjectOf[K][] => (objects?.get(kind) ?? []) as ObjectOf[K][]
      return { project, vhost, objects: topologyOf(ofKind), users: users.get(project) ?? [] }
    })
  }

  #recorded(address: string): string | undefined {
    return this.#input.input.owners.get(address)?.project
  }

  #place(address: string, project: string): void {
    this.#projects.set(address, this.#recorded(address) ?? project)
  }

  /** The rights of a user are declared together with the user. */
  #placeUsers(): void {
    const { users, permissions, topicPermissions } = this.#topology
    const access = this.#input.names.projectOf(ACCESS)
    for (const each of users) this.#place(addressOf('user', each), access)
    const projectOf = (user: string) => this.#projects.get(addressOf('user', { name: user })) ?? access
    for (const each of permissions) this.#place(addressOf('permission', each), projectOf(each.user))
    for (const each of topicPermissions) this.#place(addressOf('topic-permission', each), projectOf(each.user))
  }

  #addAll(kind: Kind): void {
    if (kind === 'vhost' || kind === 'user' || kind === 'global-parameter') return
    for (const each of objectsOf(kind, this.#topology)) this.#add(kind, each, each.vhost)
  }

  #add<K extends Kind>(kind: K, object: ObjectOf[K], vhost: string): void {
    const project = this.#projects.get(addressOf(kind, object))
    if (project === undefined) return
    const projects = this.#parts.get(vhost) ?? new Map<string, Map<Kind, ObjectOf[Kind][]>>()
    this.#parts.set(vhost, projects)
    const kinds = projects.get(project) ?? new Map<Kind, ObjectOf[Kind][]>()
    projects.set(project, kinds)
    const list = kinds.get(kind)
    if (list) list.push(object)
    else kinds.set(kind, [object])
  }

  /** A user is declared in the first virtual host in which the same project grants it rights. */
  #findHomes(): void {
    const first = this.#input.vhosts[0]
    const rights = [
      ...this.#topology.permissions.map((each) => ({ kind: 'permission' as const, each })),
      ...this.#topology.topicPermissions.map((each) => ({ kind: 'topic-permission' as const, each })),
    ]
    for (const { kind, each } of rights) {
      const project = this.#projects.get(addressOf(kind, each as never))
      if (project !== this.#projects.get(addressOf('user', { name: each.user }))) continue
      const home = this.#homes.get(each.user)
      if (home === undefined || each.vhost < home) this.#homes.set(each.user, each.vhost)
    }
    for (const { name } of this.#topology.users)
      if (!this.#homes.has(name) && first !== undefined) this.#homes.set(name, first)
  }

  #usersIn(vhost: string, hashes: SecretReferences | undefined): ReadonlyMap<string, readonly UserPart[]> {
    const found = new Map<string, Map<string, UserPart>>()
    const part = (user: User, project: string): UserPart => {
      const own = this.#projects.get(addressOf('user', user))
      const isExternal = own !== project
      const isMain = !isExternal && this.#homes.get(user.name) === vhost
      return { user, isMain, isExternal, topicPermissions: [], ...(hashes && { hashes }) }
    }
    const users = new Map(this.#topology.users.map((each) => [each.name, each]))
    const update = (name: string, project: string | undefined, change: (part: UserPart) => UserPart): void => {
      const user = users.get(name)
      if (project === undefined || user === undefined) return
      const inProject = found.get(project) ?? new Map<string, UserPart>()
      found.set(project, inProject)
      inProject.set(name, change(inProject.get(name) ?? part(user, project)))
    }
    for (const user of this.#topology.users) {
      if (this.#homes.get(user.name) === vhost)
        update(user.name, this.#projects.get(addressOf('user', user)), (each) => each)
    }
    for (const permission of this.#inVhost('permission', vhost)) {
      update(permission.user, this.#projects.get(addressOf('permission', permission)), (each) => ({
        ...each,
        permission,
      }))
    }
    for (const right of this.#inVhost('topic-permission', vhost)) {
      update(right.user, this.#projects.get(addressOf('topic-permission', right)), (each) => ({
        ...each,
        topicPermissions: [...each.topicPermissions, right],
      }))
    }
    return new Map(Array.from(found, ([project, parts]) => [project, [...parts.values()]]))
  }

  #inVhost<K extends 'permission' | 'topic-permission'>(kind: K, vhost: string): readonly ObjectOf[K][] {
    const projects = this.#parts.get(vhost)
    return [...(projects?.values() ?? [])].flatMap((kinds) => (kinds.get(kind) ?? []) as ObjectOf[K][])
  }
}

/** Whether any setting of a virtual host differs from its default; only the owner can declare it. */
function isClaimed({ description = '', tags = [], defaultQueueType, limits = {}, protect }: VirtualHost): boolean {
  return (
    !DEFAULT_DESCRIPTIONS.has(description) ||
    tags.length > 0 ||
    (defaultQueueType !== undefined && defaultQueueType !== 'classic') ||
    Object.keys(limits).length > 0 ||
    protect === true
  )
}
