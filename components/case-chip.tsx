// The state of a case. What was refused or taken back is nothing to worry about any more: it is neither red nor green.
import type { ReactNode } from 'react'
import type { CaseState } from '@/lib/cases/rules.ts'
import { Chip, type Tone } from './ui/chip.tsx'
import type { IconName } from './ui/icon.tsx'

export const CASE_LOOK: Record<CaseState, { tone: Tone; icon: IconName }> = {
  pending: { tone: 'plain', icon: 'due' },
  taken: { tone: 'wait', icon: 'wait' },
  waiting: { tone: 'wait', icon: 'mail' },
  accepted: { tone: 'good', icon: 'check' },
  rejected: { tone: 'plain', icon: 'no' },
  withdrawn: { tone: 'plain', icon: 'back' },
}

export const CaseChip = ({ state, children }: { state: CaseState; children: ReactNode }) => (
  <Chip {...CASE_LOOK[state]}>{children}</Chip>
)
