import { acquireTrainLock } from '../../src/io/train-lock.ts';

/** Takes the train lock of the folder in its argument, says so, and holds it until it is killed or stdin ends. */
const [folder = ''] = process.argv.slice(2);
await acquireTrainLock({ folder, owner: { holder: 'ada@harbor', run: 'held-run', command: 'slipway ship' } });
process.stdout.write('held\n');
process.stdin.resume();
