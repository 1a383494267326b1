/**
 * `slipway/graph`: the public, pure surface. A Config compiles to a Graph, a Graph prints, and the
 * algorithms are there for graphs of one's own. Nothing here reads or changes the world.
 */

export {
	ancestors,
	Digraph,
	descendants,
	digraphOf,
	findCycle,
	longestRemaining,
	topologicalOrder,
} from './algorithms.ts';
export { compileInit, compilePreparation } from './compile-preparation.ts';
export { compileTrain } from './compile-train.ts';
export { type Compiled, Draft, type NewTask } from './draft.ts';
export type { Plan, PlanNode, PlanState } from './plan.ts';
export { planCounts } from './plan.ts';
export { printDot } from './print/dot.ts';
export { type GraphDocument, graphDocument } from './print/json.ts';
export { printMermaid } from './print/mermaid.ts';
export type { DrawOptions, NodeState, States } from './print/picture.ts';
export { printSvg } from './print/svg.ts';
export { graphTree, type Line, plainText, planTree, type Segment, type Tone, type TreeOptions } from './print/text.ts';
export type { DerivedNeed, EdgeReason, Graph, Member, TaskNode, TrainInput } from './types.ts';
