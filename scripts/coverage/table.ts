import type { CoverageHole, NeverSucceeded } from "../../spec/coverage-holes.ts";
import { embeddedEngine, noEngine, type Observation } from "./observations.ts";

/** One answer that an operation may give. */
export interface DocumentedAnswer {
  readonly operation: string;
  readonly tag: string;
  readonly status: number;
  readonly kind: string;
  /** Whether the official specification has it; else a correction added it. */
  readonly official: boolean;
  /** Why the corrections took it out of the model; then the client does not know it. */
  readonly dropped?: string | undefined;
}

/** What was seen of one answer. */
interface Row {
  readonly answer: DocumentedAnswer;
  /** One cell for each column: whether it was seen, or the number of the reason why not. */
  readonly cells: readonly (true | number)[];
  /** Whether a real engine gave it. */
  readonly isReal: boolean;
  /** Whether a server of the tests gave it, byte by byte. */
  readonly scripted: boolean;
}

/** All answers, and what was seen of each on which kind of engine. */
export interface Coverage {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  readonly reasons: readonly string[];
  /** The operations that are allowed to have no success. */
  readonly excuses: readonly NeverSucceeded[];
  /** What is wanting, in words: empty when all is well. */
  readonly problems: readonly string[];
}

/** How many documented answers must be seen on real engines. */
const leastAnswers = 250;

/** Sets what was seen against what is documented. */
export function measure(
  answers: readonly DocumentedAnswer[],
  observations: readonly Observation[],
  holes: readonly CoverageHole[],
  excuses: readonly NeverSucceeded[],
): Coverage {
  const engines = [...new Set(observations.map(({ engine }) => engine))].filter((engine) => engine !== noEngine);
  const columns = [...new Set(engines.map(columnOf))].sort(realOnesFirst);
  const seen = new Set(
    observations.map(({ engine, operation, status }) => `${columnOf(engine)} ${operation} ${status}`),
  );
  const reasons: string[] = [];
  const problems: string[] = [];
  const reasonFor = (answer: DocumentedAnswer, column: string): number => {
    const reason = answer.dropped ?? holes.find((hole) => explains(hole, answer, column))?.because;
    if (reason === undefined) {
      problems.push(`${answer.operation} ${answer.status} ${answer.kind} was not seen on ${column}, without a reason`);
    }
    const text = reason ?? "?";
    return reasons.includes(text) ? reasons.indexOf(text) + 1 : reasons.push(text);
  };
  const rows = answers.map((answer): Row => {
    const { operation, status } = answer;
    const cells = columns.map((column) => {
      const isSeen = seen.has(`${column} ${operation} ${status}`) && !isChance(holes, answer, column);
      return isSeen || reasonFor(answer, column);
    });
    const isReal = columns.some((column, index) => column !== embeddedEngine && cells[index] === true);
    return { answer, cells, isReal, scripted: seen.has(`${noEngine} ${operation} ${status}`) };
  });
  return { columns, rows, reasons, excuses, problems: [...problems, ...wanting(rows, excuses)] };
}

/** How many answers the specification documents, and how many of them were seen. */
export function count(rows: readonly Row[]): { documented: number; real: number; scripted: number } {
  const official = rows.filter(({ answer }) => answer.official);
  return {
    documented: official.length,
    real: official.filter(({ isReal }) => isReal).length,
    scripted: official.filter(({ isReal, scripted }) => !isReal && scripted).length,
  };
}

function wanting(rows: readonly Row[], excuses: readonly NeverSucceeded[]): readonly string[] {
  const excused = new Set(excuses.map(({ operation }) => operation));
  const succeeded = new Set(
    rows.filter(({ answer, isReal }) => answer.status < 400 && isReal).map(({ answer }) => answer.operation),
  );
  const missing = [...new Set(rows.map(({ answer }) => answer.operation))].filter((id) => !succeeded.has(id));
  const { real } = count(rows);
  return [
    ...missing.filter((id) => !excused.has(id)).map((id) => `${id} never succeeded on a real engine`),
    ...[...excused].filter((id) => !missing.includes(id)).map((id) => `${id} needs no excuse, or is no operation`),
    ...(real < leastAnswers ? [`${real} documented answers were seen on real engines; ${leastAnswers} must be`] : []),
  ];
}

function isChance(holes: readonly CoverageHole[], answer: DocumentedAnswer, column: string): boolean {
  return holes.some((hole) => hole.chance === true && explains(hole, answer, column));
}

function explains(hole: CoverageHole, { operation, tag, status }: DocumentedAnswer, column: string): boolean {
  return (
    (hole.operations === undefined || hole.operations.includes(operation)) &&
    (hole.tags === undefined || hole.tags.includes(tag)) &&
    (hole.statuses === undefined || hole.statuses.includes(status)) &&
    (hole.engines === undefined || hole.engines.test(column))
  );
}

/** Engines that differ in their patches only share a column, and so do all of Podman. */
function columnOf(engine: string): string {
  return engine.startsWith("Podman") ? "Podman" : engine.replace(/\.\d+$/, "");
}

function realOnesFirst(left: string, right: string): number {
  const [isLast, isOtherLast] = [left === embeddedEngine, right === embeddedEngine];
  return Number(isLast) - Number(isOtherLast) || left.localeCompare(right, "en", { numeric: true });
}
