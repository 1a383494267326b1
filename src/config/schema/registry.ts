import type { z } from 'zod';
import { entries, mapping, orEmpty } from './fields.ts';
import { appSchema, gemSchema } from './repos.ts';
import { taskSchema } from './tasks.ts';
import { trainSchema, worktreesSchema } from './train.ts';

/**
 * release_repos.yml: the one source of its shapes, descriptions and defaults (2-train.md §1). The
 * parser, the JSON Schema and docs/config.md all read this.
 */
export const registrySchema = mapping({
	train: orEmpty(trainSchema).prefault({}).describe('Settings of the train.'),
	gems: entries(gemSchema).prefault({}).describe('Producers: gems, by the name of their repository.'),
	apps: entries(appSchema).prefault({}).describe('Consumers: apps, by the name of their repository.'),
	tasks: entries(taskSchema).prefault({}).describe('Tasks of your own, by name.'),
	worktrees: orEmpty(worktreesSchema).prefault({}).describe('Settings of `slipway worktree`.'),
});

export type Registry = z.output<typeof registrySchema>;
export type GemEntry = Registry['gems'][string];
export type AppEntry = Registry['apps'][string];
export type TaskEntry = Registry['tasks'][string];
