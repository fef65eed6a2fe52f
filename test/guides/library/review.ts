import { formatFindings, formatPlan, formatSavedPlan, InvalidInputError, plan } from 'warren'

/**
 * The text for a reviewer, and the saved plan to apply after the approval. Without a saved plan, there is nothing to
 * apply.
 */
export interface Review {
  readonly comment: string
  readonly savedPlan?: string
}

export async function planForReview(url: string, user: string, password: string): Promise<Review> {
  try {
    const planned = await plan({
      paths: ['topology.yaml'],
      environment: process.env,
      connection: { url, user, password },
      prune: true,
    })
    const comment = formatFindings(planned.findings, planned) + formatPlan(planned.plan, { format: 'diff' })
    const isBlocked = planned.plan.blocks.length > 0
    return isBlocked ? { comment } : { comment, savedPlan: formatSavedPlan(planned) }
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error
    return { comment: formatFindings(error.findings, error) }
  }
}
