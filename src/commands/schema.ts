import { print, type Session } from './session.ts';

/** `slipway schema`: the JSON Schema of release_repos.yml, for editors. */
export async function schema(session: Session): Promise<number> {
	const { configJsonSchema } = await import('../config/json-schema.ts');
	print(session, JSON.stringify(configJsonSchema(), null, 2));
	return 0;
}
