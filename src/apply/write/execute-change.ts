import type { ManagementClient, Written } from '../../broker/management/client.ts'
import type { Amqp } from '../../broker/amqp/connections/amqp.ts'
import type { WriteChange } from '../../plan/plan.ts'
import { journalOnBroker } from '../migrate/journal-on-broker.ts'
import { moveQueue } from '../migrate/move-queue.ts'
import { copyExchange, recreateExchange } from '../replace/recreate-exchange.ts'
import { recreateQueue } from '../replace/recreate-queue.ts'
import { rebind } from '../replace/rebind.ts'
import { journalBindings } from '../replace/journal-bindings.ts'
import type { MovedMessages } from '../report.ts'
import { writeChange } from './write-change.ts'

/** What making a change has to know. */
export interface MakeContext {
  readonly client: ManagementClient
  /** Absent when AMQP cannot be reached: then a plan has nothing that needs it. */
  readonly amqp?: Amqp
  readonly project: string
  readonly digest: string
  /** Addresses of bindings that the plan deletes. */
  readonly dropped: ReadonlySet<string>
  /** Addresses of bindings that the run makes, whichever step. */
  readonly made: Set<string>
  /** When the run began, by `performance.now()`. */
  readonly since: number
  /** Whether the login may read topic permissions. */
  readonly isAdministrator: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (text: string) => void
}

/** How making a change ended. */
export interface WriteResult {
  readonly written: Written
  readonly moved?: MovedMessages
}

/** Makes one change, whichever way it is made. */
export async function executeChange(context: MakeContext, change: WriteChange): Promise<WriteResult> {
  switch (change.action) {
    case 'create':
    case 'update':
      return { written: await writeChange(context.client, change) }
    case 'replace':
      if (change.kind === 'binding') {
        await rebind(context.client, change)
        return { written: 'made' }
      }
      if (change.kind === 'exchange') {
        await recreateExchange(context, journalOf(context, change), change)
        return { written: 'made' }
      }
      if (change.how === 'migrate') return { written: 'made', moved: await move(context, change) }
      await journalBindings(context.client, journalOf(context, change), change, () =>
        recreateQueue(context, amqpOf(context), change),
      )
      return { written: 'made' }
    case 'rename':
      if (change.kind === 'queue') return { written: 'made', moved: await move(context, change) }
      await copyExchange(context, change)
      return { written: 'made' }
  }
}

type QueueMoveChange = Extract<WriteChange, { kind: 'queue'; action: 'replace' | 'rename' }>

async function move(context: MakeContext, { before, after, bindsAs }: QueueMoveChange): Promise<MovedMessages> {
  const { client, dropped, signal, onProgress } = context
  const { moved, ...rest } = await moveQueue(
    {
      client,
      amqp: amqpOf(context),
      journal: journalOf(context, { before }),
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
    },
    { from: before, to: after, dropBindings: dropped, ...(bindsAs && { bindsAs }) },
  )
  return { messages: moved, ...rest }
}

function journalOf({ client, project }: MakeContext, { before }: { readonly before: { readonly vhost: string } }) {
  return journalOnBroker(client, project, before.vhost)
}

function amqpOf({ amqp }: MakeContext): Amqp {
  if (amqp === undefined) throw new Error('a plan without AMQP has nothing that is replaced')
  return amqp
}
