#!/usr/bin/env node
// The process of the command line: `reprise COMMAND`.
import { processIo } from './process-io.ts'
import { runProgram } from './program.ts'

process.exitCode = await runProgram(process.argv.slice(2), processIo())
