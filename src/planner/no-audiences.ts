import { bitmapOf } from '../bitmap/bitmap.ts'
import type { AudienceDirectory } from './planner.ts'

/** For rules that belong to no workspace: a name of an audience in them is unknown. */
export const noAudiences: AudienceDirectory = Object.freeze({
  has: () => false,
  names: () => [],
  hasVersion: () => false,
  ruleOf: () => null,
  members: () => bitmapOf(),
  revision: 0,
})
