import { messageType } from './message-type.ts'
import { durationLabel } from '../../model/values/duration.ts'
import {
  isRequest,
  type MessageRule,
  olderVersions,
  type Publication,
  type Request,
  type Routes,
  type Subscription,
} from '../../model/routes.ts'

/** The text of a declaration file, and the routes without a message type, with the reasons. */
export interface RoutesDeclaration {
  readonly text: string
  readonly gaps: readonly { readonly route: string; readonly reason: string }[]
}

/**
 * Makes one TypeScript declaration file for the routes of a topology. The same topology always gives the same text.
 * Virtual hosts with the same routes share a type, so that a topology of many tenants has one.
 */
export async function routesDeclaration(project: string, routes: Routes): Promise<RoutesDeclaration> {
  const vhosts = [...new Set([...routes.publications, ...routes.subscriptions].map(({ vhost }) => vhost))].toSorted()
  const messages = new MessageNamespaces()
  const members: Member[] = []
  for (const vhost of vhosts) {
    const all = ofVhost(routes.publications, vhost)
    const publications = all.filter((each) => !isRequest(each))
    const subscriptions = ofVhost(routes.subscriptions, vhost)
    const published: string[] = []
    for (const each of publications) published.push(publicationMember(each, await messages.bodyOf(each)))
    const consumed: string[] = []
    for (const each of subscriptions) {
      consumed.push(subscriptionMember(each, await messages.bodyOf(each), await messages.olderBodies(each)))
    }
    const requested: string[] = []
    for (const each of all.filter(isRequest)) {
      const body = await messages.bodyOf(each)
      const reply = await messages.bodyOf({ name: `${each.name}-reply`, message: each.reply.message })
      requested.push(requestMember(each, body, reply))
    }
    const groups = [group('publications', published), group('subscriptions', consumed)]
    if (requested.length > 0) groups.push(group('requests', requested))
    members.push({ vhost, text: groups.join('\n') })
  }
  const head = `// Made by \`warren types\` from the topology of the project ${quoted(project)}. Do not edit it: generate it again.\n`
  return { text: [head, ...interfaces(members, messages.names), ...messages.texts()].join('\n'), gaps: messages.gaps }
}

/** The routes of a virtual host. */
interface Member {
  readonly vhost: string
  readonly text: string
}

/**
 * One interface for a single vhost. Several vhosts get one interface with a member for each, and one interface for
 * each shared type.
 */
function interfaces(members: readonly Member[], names: NamespaceNames): readonly string[] {
  const [first] = members
  if (!first || members.length === 1) {
    const text = first?.text ?? `${group('publications', [])}\n${group('subscriptions', [])}`
    return [`/** For \`connect<Routes>()\` of \`warren/runtime\`. */\n${interfaceOf('Routes', text)}`]
  }
  const shared = sharedTypes(members, names)
  const vhosts = members
    .map(({ vhost, text }) => `${property(vhost)}: ${shared.get(text) ?? `{\n${indented(text)}\n}`}`)
    .join('\n')
  return [
    `/** By vhost, for \`connect<Vhosts['…']>()\` of \`warren/runtime\`. */\n${interfaceOf('Vhosts', vhosts)}`,
    ...[...shared].map(([text, name]) => `/** Of all vhosts with these routes. */\n${interfaceOf(name, text)}`),
  ]
}

/** Names each text that several vhosts have in common. */
function sharedTypes(members: readonly Member[], names: NamespaceNames): ReadonlyMap<string, string> {
  const seen = new Set<string>()
  const shared = new Map<string, string>()
  for (const { text } of members) {
    if (seen.has(text) && !shared.has(text)) shared.set(text, shared.size === 0 ? 'Routes' : names.of('Routes'))
    seen.add(text)
  }
  return shared
}

function interfaceOf(name: string, text: string): string {
  return `export interface ${name} {\n${indented(text)}\n}\n`
}

function group(name: string, members: readonly string[]): string {
  return members.length === 0 ? `${name}: {}` : `${name}: {\n${indented(members.join('\n'))}\n}`
}

function publicationMember({ name, parameters, delays = [] }: Publication, body: string): string {
  const labels = delays.map(({ delay }) => quoted(durationLabel(delay))).join(' | ')
  const delayed = labels === '' ? '' : `; delays: ${labels}`
  return `${property(name)}: { body: ${body}; parameters: ${parameterNames(parameters)}${delayed} }`
}

function requestMember({ name, parameters }: Request, body: string, reply: string): string {
  return `${property(name)}: { body: ${body}; parameters: ${parameterNames(parameters)}; reply: ${reply} }`
}

function parameterNames(parameters: readonly string[]): string {
  return parameters.length === 0 ? 'never' : parameters.map(quoted).join(' | ')
}

/**
 * A subscription with older versions needs upcasters, each from its version to the next one, and a subscription to a
 * super stream a store of offsets.
 */
function subscriptionMember({ name, sharing }: Subscription, body: string, older: readonly OlderBody[]): string {
  if (older.length === 0) return `${property(name)}: { body: ${body}${sharing ? '; superStream: true' : ''} }`
  const upcasters = older.map((each, index) => {
    const next = older[index + 1]?.body ?? body
    return `${each.version}: (body: ${each.body}) => ${next === 'any' ? 'unknown' : next}`
  })
  return `${property(name)}: {\n${indented([`body: ${body}`, ...(sharing ? ['superStream: true'] : []), group('upcast', upcasters)].join('\n'))}\n}`
}

/** An accepted older version with the type of its body, `any` without a schema. */
interface OlderBody {
  readonly version: number
  readonly body: string
}

/** The types of messages, one namespace for each schema, so that their names cannot collide. */
class MessageNamespaces {
  readonly gaps: { readonly route: string; readonly reason: string }[] = []
  readonly names = new NamespaceNames()
  /** By the text of the schema, because each instance of a repeated document has a copy. */
  readonly #made = new Map<string, { readonly name: string; readonly text: string }>()

  async bodyOf({
    name,
    message,
  }: {
    readonly name: string
    readonly message?: MessageRule | undefined
  }): Promise<string> {
    if (message?.schema === undefined) return bodyWithoutSchema(message)
    const schema = JSON.stringify(message.schema)
    const known = this.#made.get(schema)
    if (known) return `${known.name}.Body`
    const namespace = this.names.of(name)
    const { declarations, gap } = await messageType(message.schema)
    if (gap !== undefined) this.gaps.push({ route: name, reason: gap })
    const text = `export namespace ${namespace} {\n${indented(declarations.trimEnd())}\n}\n`
    this.#made.set(schema, { name: namespace, text })
    return `${namespace}.Body`
  }

  async olderBodies({ name, message = {} }: Subscription): Promise<readonly OlderBody[]> {
    const bodies: OlderBody[] = []
    for (const version of olderVersions(message)) {
      const schema = message.schemas?.[version]
      const body = await this.bodyOf({ name: `${name}-v${version}`, message: { ...message, schema } })
      // The program knows the type of a body without a schema.
      bodies.push({ version, body: body === 'unknown' ? 'any' : body })
    }
    return bodies
  }

  texts(): string[] {
    return [...this.#made.values()].map(({ text }) => text)
  }
}

/** The type of a body without a schema; see `contentType`. */
function bodyWithoutSchema(message: MessageRule | undefined): string {
  const type = (message?.contentType ?? 'application/json').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (type === 'application/json' || type.endsWith('+json')) return 'unknown'
  return type.startsWith('text/') ? 'string' : 'Uint8Array'
}

function ofVhost<T extends { readonly vhost: string; readonly name: string }>(
  routes: readonly T[],
  vhost: string,
): T[] {
  return routes.filter((each) => each.vhost === vhost).toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/** Writes the name as a formatter would, with quotes only if they are needed. */
function property(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name)
}

function quoted(text: string): string {
  const json = JSON.stringify(text)
  return text.includes("'") ? json : `'${json.slice(1, -1).replaceAll('\\"', '"')}'`
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ')
}

/** Distinct names for TypeScript namespaces. */
class NamespaceNames {
  readonly #taken = new Set(['Routes', 'Vhosts'])

  /** `send-email` becomes `SendEmail`, and another route of that name `SendEmail2`. */
  of(route: string): string {
    const words = route.split(/[^\p{L}\p{N}_$]+/u).filter((word) => word !== '')
    const joined = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
    const name = /^[\p{L}_$]/u.test(joined) ? joined : `Message${joined}`
    let unique = name
    for (let n = 2; this.#taken.has(unique); n++) unique = `${name}${n}`
    this.#taken.add(unique)
    return unique
  }
}
