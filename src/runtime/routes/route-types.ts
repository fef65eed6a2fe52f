import type { ConsumeOptions } from '../consume/consume-options.ts'
import type { Upcasters } from '../consume/reading/message-versions.ts'
import type { OffsetStore } from '../offsets/offset-store.ts'
import type { PublishOptions } from '../publish/publish-options.ts'
import type { RequestOptions } from '../requests/request-options.ts'

/** The compiler's types for a publication: its body, and the parameter names of its routing key. */
export interface PublicationType {
  readonly body: unknown
  /** `string` if unknown, `never` if there are none. */
  readonly parameters: string
  /** The delays that a program may choose, such as `'10m' | '1h'`. Absent if there are none. */
  readonly delays?: string
}

/** The compiler's types for a request: those of a publication, and the body of its reply. */
export interface RequestType extends PublicationType {
  readonly reply: unknown
}

/** The compiler's types for a subscription. */
export interface SubscriptionType {
  readonly body: unknown
  /** The upcasters of the accepted versions that are older than `body`, by version. Absent if there are none. */
  readonly upcast?: Upcasters
  /** Whether it is a subscription to a super stream, which requires the option `offsets`. */
  readonly superStream?: true
}

/**
 * The compiler's types for the routes of a vhost. `warren types` generates this type for a topology. By default all
 * types are unknown.
 */
export interface RouteTypes {
  readonly publications: { readonly [name: string]: PublicationType }
  readonly subscriptions: { readonly [name: string]: SubscriptionType }
  /** Absent if there are none. */
  readonly requests?: { readonly [name: string]: RequestType }
}

/** The name of a publication. */
export type PublicationName<Routes extends RouteTypes> = keyof Routes['publications'] & string
/** The name of a subscription. */
export type SubscriptionName<Routes extends RouteTypes> = keyof Routes['subscriptions'] & string

/** The compiler's types for the requests of routes. */
export type RequestsOf<Routes extends RouteTypes> = Routes extends {
  readonly requests: infer Requests extends { readonly [name: string]: RequestType }
}
  ? Requests
  : string extends PublicationName<Routes>
    ? { readonly [name: string]: RequestType }
    : never

/** The name of a request. */
export type RequestName<Routes extends RouteTypes> = [RequestsOf<Routes>] extends [never]
  ? never
  : keyof RequestsOf<Routes> & string

/** The name of any publication, subscription or request. */
export type RouteName<Routes extends RouteTypes> =
  | PublicationName<Routes>
  | SubscriptionName<Routes>
  | RequestName<Routes>

/** The names of subscriptions whose messages have no type: those without a schema, or all if nothing is known. */
export type UntypedName<Routes extends RouteTypes> =
  string extends SubscriptionName<Routes>
    ? string
    : {
        [Name in SubscriptionName<Routes>]: unknown extends Routes['subscriptions'][Name]['body'] ? Name : never
      }[SubscriptionName<Routes>]

/** A body of the type of its publication, or bytes that are already encoded. */
export type MessageBody<Routes extends RouteTypes, Name extends PublicationName<Routes>> =
  | Routes['publications'][Name]['body']
  | Uint8Array

/** The options of a publication with known types: those that do not depend on it, and its delays if it has any. */
export type OptionsOf<Publication extends PublicationType, Options> = Omit<Options, 'parameters' | 'delay'> &
  (Publication extends { readonly delays: infer Delay extends string } ? { readonly delay?: Delay } : unknown)

/** The arguments of `publish()` after the name. With parameters, the options are required. */
export type PublishArguments<
  Publication extends PublicationType,
  Options = PublishOptions,
> = string extends Publication['parameters']
  ? [body: Publication['body'] | Uint8Array, options?: Options]
  : [Publication['parameters']] extends [never]
    ? [body: Publication['body'] | Uint8Array, options?: OptionsOf<Publication, Options>]
    : [
        body: Publication['body'] | Uint8Array,
        options: OptionsOf<Publication, Options> & {
          /** The words for the `{parameter}` parts of the routing key. */
          readonly parameters: Readonly<Record<Publication['parameters'], string | number>>
        },
      ]

/**
 * The name of a publication as an argument. An unknown name is compared with the known ones, so the compiler reports
 * the name and not the arguments after it.
 */
export type KnownPublication<Routes extends RouteTypes, Name extends string> = [Name] extends [PublicationName<Routes>]
  ? Name
  : PublicationName<Routes>

/** The arguments after such a name. */
export type ArgumentsOf<Routes extends RouteTypes, Name extends string> = [Name] extends [PublicationName<Routes>]
  ? PublishArguments<Routes['publications'][Name]>
  : // The name is wrong already.
    unknown[]

/** The name of a request as an argument: see `KnownPublication`. */
export type KnownRequest<Routes extends RouteTypes, Name extends string> = [Name] extends [RequestName<Routes>]
  ? Name
  : RequestName<Routes>

/** The arguments of `request()` after the name. With parameters, the options are required. */
export type RequestArguments<Routes extends RouteTypes, Name extends string> = [Name] extends [RequestName<Routes>]
  ? PublishArguments<RequestsOf<Routes>[Name], RequestOptions>
  : // The name is wrong already.
    unknown[]

/** The body of a request, as its responder receives it. */
export type RequestBody<Routes extends RouteTypes, Name extends RequestName<Routes>> = RequestsOf<Routes>[Name]['body']

/** The body of the reply to a request. */
export type ReplyBody<Routes extends RouteTypes, Name extends string> = [Name] extends [RequestName<Routes>]
  ? RequestsOf<Routes>[Name]['reply']
  : unknown

/** The option `upcast`, which a subscription with older versions requires. */
export type UpcastersOf<Subscription extends SubscriptionType> = Subscription extends {
  readonly upcast: infer Required extends Upcasters
}
  ? { readonly upcast: Readonly<Required> }
  : unknown

/** The options that a subscription requires: `upcast` with older versions, and `offsets` with a super stream. */
export type RequiredOptionsOf<Subscription extends SubscriptionType> = UpcastersOf<Subscription> &
  (Subscription extends { readonly superStream: true } ? { readonly offsets: OffsetStore } : unknown)

/** The arguments of `consume()` after the handler. The options are required if one of them is. */
export type ConsumeArguments<Subscription extends SubscriptionType> = Subscription extends
  | { readonly upcast: Upcasters }
  | { readonly superStream: true }
  ? [options: ConsumeOptions & RequiredOptionsOf<Subscription>]
  : [options?: ConsumeOptions]
