/**
 * What a worker thread of an engine runs: `dist/worker.js`. It loads nothing native, so that it starts in some milliseconds.
 */

import { WalkServer } from '../behaviour/serve-walks.ts'
import { walkServer } from '../behaviour/walk-order.ts'
import { profileServer } from '../columns/profile-order.ts'
import { ProfileServer } from '../columns/serve-profiles.ts'
import { kernelServer } from '../kernel/kernel-orders.ts'
import { KernelServer } from '../kernel/serve-kernel.ts'
import { serve } from '../threads/serve.ts'

serve({ [kernelServer]: new KernelServer(), [walkServer]: new WalkServer(), [profileServer]: new ProfileServer() })
