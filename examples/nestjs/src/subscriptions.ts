import { decoratorsFor } from 'warren/nestjs'
import type { Routes } from './routes.js'

export const { Subscribe, SubscribeBatch } = decoratorsFor<Routes>()
