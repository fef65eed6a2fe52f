import type { PublishOptions } from '../publish/publish-options.ts'
import type { MessageBody, OptionsOf, PublicationName, RouteTypes } from '../routes/route-types.ts'

/** The options that the outbox stores with a message. */
export interface EnqueueOptions extends Omit<PublishOptions, 'signal' | 'timeout'> {
  /**
   * Messages with the same key are sent in the order in which they were enqueued. Transactions that enqueue with the
   * same key run one after the other from then on. Default: none, so in any order.
   */
  readonly key?: string
  /** Default `warren_outbox`. */
  readonly table?: string
}

/** The arguments of `enqueue()` after the name of a publication: its body, and the options with its parameters. */
export type EnqueuedMessage<
  Types extends RouteTypes,
  Name extends PublicationName<Types>,
> = string extends Types['publications'][Name]['parameters']
  ? [body: MessageBody<Types, Name>, options?: EnqueueOptions]
  : [Types['publications'][Name]['parameters']] extends [never]
    ? [body: MessageBody<Types, Name>, options?: OptionsOf<Types['publications'][Name], EnqueueOptions>]
    : [
        body: MessageBody<Types, Name>,
        options: OptionsOf<Types['publications'][Name], EnqueueOptions> & {
          /** The words for the `{parameter}` parts of the routing key. */
          readonly parameters: Readonly<Record<Types['publications'][Name]['parameters'], string | number>>
        },
      ]

/** The arguments of `enqueue<Routes>()` after the client: the name of a publication, its body and the options. */
export type EnqueueArguments<Types extends RouteTypes> =
  string extends PublicationName<Types>
    ? [publication: string, body: unknown, options?: EnqueueOptions]
    : {
        [Name in PublicationName<Types>]: [publication: Name, ...message: EnqueuedMessage<Types, Name>]
      }[PublicationName<Types>]
