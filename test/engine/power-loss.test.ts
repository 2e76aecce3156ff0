import { test } from 'vitest'
import { losePower } from './lose-power.ts'

test('whenever the power goes, what was acknowledged is there, and nothing that was not written', () => losePower(120))
