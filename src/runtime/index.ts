export { closeOnSignal } from './close-on-signal.ts'
export type { CloseOnSignalOptions } from './close-on-signal.ts'
export { ConnectError } from './connection/connect-error.ts'
export { connect } from './connect.ts'
export type { ConnectOptions } from './connect-options.ts'
export type { BatchOptions } from './consume/batch-options.ts'
export type { BatchHandler, BatchMessage } from './consume/batches.ts'
export type { DrainResult } from './consume/consume-session.ts'
export type { ConsumeOptions } from './consume/consume-options.ts'
export type { Upcaster, Upcasters } from './consume/reading/message-versions.ts'
export type { Credentials, CredentialsProvider } from './connection/credentials.ts'
export type { HandlerDelivery, Handler } from './consume/handler-delivery.ts'
export { HandlerTimeoutError, PoisonError } from './consume/run-handler.ts'
export type { IdempotencyOptions } from './consume/idempotency-settings.ts'
export type { HandlerCompanion, HandlingMessage, Instrumentation, PublishingMessage } from './events/instrumentation.ts'
export type { TlsOptions } from './connection/connection-environment.ts'
export type { Confirmed } from './publish/outgoing-message.ts'
export { FilePayloadStore } from './payloads/file-payload-store.ts'
export type { PayloadFacts, PayloadOptions, PayloadStore } from './payloads/payload-store.ts'
export { PublishError } from './publish/publish-error.ts'
export type { PublishOutcome } from './publish/publish-error.ts'
export type { PublishWindow } from './publish/publisher.ts'
export type { PublishOptions } from './publish/publish-options.ts'
export { RateLimit } from '../broker/amqp/rate-limit.ts'
export type { RoutesSource, TopologySource } from './routes/read-routes.ts'
export { DoNotRetry, RetryAfter } from './failure/retry-hints.ts'
export { RouteError } from './routes/route-error.ts'
export type {
  ArgumentsOf,
  ConsumeArguments,
  KnownPublication,
  KnownRequest,
  MessageBody,
  OptionsOf,
  PublicationName,
  PublicationType,
  PublishArguments,
  ReplyBody,
  RequestArguments,
  RequestBody,
  RequestName,
  RequestsOf,
  RequestType,
  RequiredOptionsOf,
  RouteName,
  RouteTypes,
  SubscriptionName,
  SubscriptionType,
  UntypedName,
  UpcastersOf,
} from './routes/route-types.ts'
export { RequestError } from './requests/request-error.ts'
export type { RequestErrorCode } from './requests/request-error.ts'
export type { RequestHandler } from './requests/request-handler.ts'
export type { RequestOptions } from './requests/request-options.ts'
export type { RoutingKeyParameters } from './publish/routing-key.ts'
export type { Closed, Consumer, ConsumerEnd, Runtime } from './runtime-types.ts'
export type {
  AboutDelivery,
  AboutFailure,
  ConnectionRole,
  HandledOutcome,
  RuntimeEventName,
  RuntimeEvents,
  RuntimeListener,
} from './events/runtime-events.ts'
export type { RuntimeLogger } from './events/runtime-logger.ts'
export type { RouteSchemas, RoutesOfSchemas, SchemasOf } from './routes/standard-schema.ts'
export { WarrenHeader } from '../broker/amqp/messages/warren-headers.ts'
export type { FailureReason, MessageHeaders } from '../broker/amqp/messages/warren-headers.ts'
