import { z } from 'zod';
import { registrySchema } from './schema/registry.ts';

/**
 * The JSON Schema (draft-07) of release_repos.yml, for editors and for `slipway schema`: what may be
 * written, with a description on every key. What it cannot say (circles, command quoting) only the
 * parser checks.
 */
export function configJsonSchema(): object {
	const { $schema, ...schema } = z.toJSONSchema(registrySchema, {
		io: 'input',
		target: 'draft-07',
		reused: 'inline',
		override: ({ jsonSchema }) => {
			// Keys of one's own pass everywhere; any other unknown key is an error.
			if (jsonSchema.properties) jsonSchema.additionalProperties = false;
			if (jsonSchema.type === 'object') jsonSchema.patternProperties = { '^x-': {} };
		},
	});
	return { $schema, title: 'release_repos.yml', description: 'The repositories of a release, for Slipway.', ...schema };
}
