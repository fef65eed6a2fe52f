import { chromium } from 'playwright-core'
import { chromiumProgram } from '../../scripts/programs/find-programs.js'

/** Starts Chromium without windows. */
export async function openChromium() {
  const executablePath = chromiumProgram()
  if (executablePath === undefined) throw new Error('Chromium is not installed: run npm run setup:tests')
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
}
