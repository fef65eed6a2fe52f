import type { PublishOptions } from '../publish/publish-options.ts'

/** What the compiler knows of a publication: its body, and the names of the parameters of its routing key. */
export interface PublicationType {
  readonly body: unknown
  /** `string` when nothing is known, `never` when it has none. */
  readonly parameters: string
}

/** What the compiler knows of a subscription. */
export interface SubscriptionType {
  readonly body: unknown
}

/** What the compiler knows of the routes of a vhost. `warren types` writes one for a topology; by default nothing is known. */
export interface RouteTypes {
  readonly publications: { readonly [name: string]: PublicationType }
  readonly subscriptions: { readonly [name: string]: SubscriptionType }
}

export type PublicationName<Routes extends RouteTypes> = keyof Routes['publications'] & string
export type SubscriptionName<Routes extends RouteTypes> = keyof Routes['subscriptions'] & string

/** The name of any publication or subscription. */
export type RouteName<Routes extends RouteTypes> = PublicationName<Routes> | SubscriptionName<Routes>

/** The names of subscriptions whose messages have no type: those without a schema, or all where nothing is known. */
export type UntypedName<Routes extends RouteTypes> =
  string extends SubscriptionName<Routes>
    ? string
    : {
        [Name in SubscriptionName<Routes>]: unknown extends Routes['subscriptions'][Name]['body'] ? Name : never
      }[SubscriptionName<Routes>]

/** A body as its publication describes it, or bytes that hold one already. */
export type MessageBody<Routes extends RouteTypes, Name extends PublicationName<Routes>> =
  Routes['publications'][Name]['body'] | Uint8Array

type OtherOptions = Omit<PublishOptions, 'parameters'>

/** What `publish()` takes after the name: with parameters the options are no longer optional. */
export type PublishArguments<Publication extends PublicationType> = string extends Publication['parameters']
  ? [body: Publication['body'] | Uint8Array, options?: PublishOptions]
  : [Publication['parameters']] extends [never]
    ? [body: Publication['body'] | Uint8Array, options?: OtherOptions]
    : [
        body: Publication['body'] | Uint8Array,
        options: OtherOptions & {
          /** The words for the `{parameter}` parts of the routing key. */
          readonly parameters: Readonly<Record<Publication['parameters'], string | number>>
        },
      ]

/**
 * The name of a publication as an argument. A name that does not exist is compared with those that do, so that it is the name
 * that the compiler complains about, and not what follows it.
 */
export type KnownPublication<Routes extends RouteTypes, Name extends string> = [Name] extends [PublicationName<Routes>]
  ? Name
  : PublicationName<Routes>

/** What follows such a name. */
export type ArgumentsOf<Routes extends RouteTypes, Name extends string> = [Name] extends [PublicationName<Routes>]
  ? PublishArguments<Routes['publications'][Name]>
  : // The name is wrong already.
    unknown[]
