import * as assert from 'uvu/assert';
import { createOneTimePasswords, type OtpQuestion } from '../../src/tasks/publish/otp.ts';
import { suite } from '../support/suite.ts';

const REGISTRY = 'https://gems.example.test';
const about = (file: string, isAgain = false): OtpQuestion => ({ registry: REGISTRY, file, isAgain });

/** Somebody who answers when told to. */
function person() {
	const asked: OtpQuestion[] = [];
	const answers: ((code: string | null) => void)[] = [];
	const asker = (question: OtpQuestion) => {
		asked.push(question);
		return new Promise<string | null>((resolve) => answers.push(resolve));
	};
	return { asked, asker, answer: (code: string | null) => answers.shift()?.(code) };
}

/** Lets everything go on that waits for nothing but its turn. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

suite('one-time passwords', (test) => {
	test('nobody to ask: none is known and none comes', async () => {
		const otp = createOneTimePasswords();
		assert.is(otp.last(REGISTRY), null);
		assert.is(await otp.next(about('a.gem'), null), null);
	});
	test('one question stands at a time, and its answer serves whoever waited behind it', async () => {
		const otp = createOneTimePasswords();
		const { asked, asker, answer } = person();
		otp.askBy(asker);
		const both = Promise.all([otp.next(about('a.gem'), null), otp.next(about('b.gem'), null)]);
		await settled();
		assert.equal(asked, [about('a.gem')]);
		answer('111111');
		assert.equal(await both, ['111111', '111111']);
		assert.is(asked.length, 1);
		assert.is(otp.last(REGISTRY), '111111');
	});
	test('a code that was refused is asked for again; another registry has its own', async () => {
		const otp = createOneTimePasswords();
		const { asked, asker, answer } = person();
		otp.askBy(asker);
		const first = otp.next(about('a.gem'), null);
		await settled();
		answer('111111');
		await first;
		const again = otp.next(about('a.gem', true), '111111');
		await settled();
		answer('222222');
		assert.is(await again, '222222');
		assert.equal(asked, [about('a.gem'), about('a.gem', true)]);
		assert.is(otp.last('https://other.example.test'), null);
	});
	test('no answer is remembered as none, and a question that broke holds up nobody', async () => {
		const otp = createOneTimePasswords();
		otp.askBy(async () => {
			throw new Error('the terminal went away');
		});
		await otp.next(about('a.gem'), null).catch((error: Error) => assert.match(error.message, 'went away'));
		otp.askBy(async () => null);
		assert.is(await otp.next(about('b.gem'), null), null);
		assert.is(otp.last(REGISTRY), null);
	});
});
