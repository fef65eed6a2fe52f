import type { Written } from '../../broker/management/client.ts'
import type { RebindChange, ReplaceChange, WriteChange } from '../../plan/change.ts'
import type { ApplyRun } from '../apply-run.ts'
import { moveQueue } from '../migrate/move-queue.ts'
import { copyExchange, recreateExchange } from '../replace/recreate-exchange.ts'
import { recreateQueue } from '../replace/recreate-queue.ts'
import { rebind } from '../replace/rebind.ts'
import type { MovedMessages } from '../report.ts'
import { writeChange } from './write-change.ts'

/** The outcome of executing a change. */
export interface WriteResult {
  readonly written: Written
  readonly moved?: MovedMessages
}

/** Executes one change of any kind. */
export async function executeChange(run: ApplyRun, change: WriteChange): Promise<WriteResult> {
  switch (change.action) {
    case 'create':
    case 'update':
      return { written: await writeChange(run, change) }
    case 'replace':
      if (change.kind === 'queue' && change.how === 'migrate') return moveOf(run, change)
      await replace(run, change)
      return { written: 'made' }
    case 'rename':
      if (change.kind === 'queue') return moveOf(run, change)
      await copyExchange(run, change)
      return { written: 'made' }
  }
}

async function replace(run: ApplyRun, change: ReplaceChange | RebindChange): Promise<void> {
  if (change.kind === 'binding') return rebind(run.client, change)
  if (change.kind === 'exchange') return recreateExchange(run, change)
  return recreateQueue(run, change)
}

type QueueMoveChange = Extract<WriteChange, { kind: 'queue'; action: 'replace' | 'rename' }>

async function moveOf(run: ApplyRun, { before, after, bindsAs }: QueueMoveChange): Promise<WriteResult> {
  const { moved: messages, ...rest } = await moveQueue(run, { from: before, to: after, ...(bindsAs && { bindsAs }) })
  return { written: 'made', moved: { messages, ...rest } }
}
