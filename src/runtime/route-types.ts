import type { PublishOptions } from './publish-options.ts'

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

/** The name of any subscription, where nothing is known of them. */
export type UntypedName<Routes extends RouteTypes> = string extends SubscriptionName<Routes> ? string : never

type OtherOptions = Omit<PublishOptions, 'parameters'>

/** What `publish()` takes after the name: with parameters the options are no longer optional. */
export type PublishArguments<Publication extends PublicationType> = string extends Publication['parameters']
  ? [body: Publication['body'], options?: PublishOptions]
  : [Publication['parameters']] extends [never]
    ? [body: Publication['body'], options?: OtherOptions]
    : [
        body: Publication['body'],
        options: OtherOptions & {
          /** The words for the `{parameter}` parts of the routing key. */
          readonly parameters: Readonly<Record<Publication['parameters'], string | number>>
        },
      ]
