import { z } from 'zod';
import { entryName, envName, taskReference } from '../names.ts';
import { treeFolder, treePath } from '../paths.ts';
import { command, commands, filledText, flag, mapping, ruled, texts, time, whole } from './fields.ts';

/** One of the file's own tasks (2-train.md §8). */
export const taskSchema = mapping({
	description: filledText().optional().describe('One line for `slipway run --list` and for the graph.'),
	run: commands()
		.optional()
		.describe(
			'A command, or a list of commands run in turn. No shell. A command is a string, or in the list also a list of its words.',
		),
	shell: filledText().optional().describe('Instead of `run`: one script for `sh -eu`.'),
	inputs: z
		.array(ruled(treePath))
		.prefault([])
		.describe(
			'Globs of the files it reads. The task runs again when they change; a glob that matches nothing is an error.',
		),
	outputs: z
		.array(ruled(treePath))
		.prefault([])
		.describe('Globs of the files it makes. Missing or edited ones make it run again. No two tasks share an output.'),
	env: texts(envName).prefault({}).describe('Environment variables on top of the ones that Slipway runs with.'),
	needs: z
		.array(ruled(taskReference))
		.prefault([])
		.describe('What must be done first: tasks of this section, or train tasks such as `smoke:hub-app`.'),
	before: z.array(ruled(taskReference)).prefault([]).describe('Train tasks that wait for this one, such as `record`.'),
	cwd: ruled(treeFolder).optional().describe("Folder to run in, from this file's folder, or from the tree of `repo`."),
	repo: ruled(entryName).optional().describe('Run in a workspace of this repository, at its ship SHA.'),
	done_when: command()
		.optional()
		.describe(
			'Exit 0 means done, any other exit to do; a command that cannot start means unknown, which stops the run.',
		),
	timeout: time().optional().describe('Bound of one attempt. Default: `train.timeouts.command`.'),
	retries: whole(0, 100).prefault(0).describe('Further attempts after a failure.'),
	irreversible: flag()
		.prefault(false)
		.describe('It cannot be undone: never killed on a first interrupt, and shown as such in the plan.'),
	group: filledText().optional().describe('Heading under which the graph draws it.'),
});
