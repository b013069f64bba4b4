import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { documentedAnswers } from "../../scripts/coverage/answers.ts";
import type { Observation } from "../../scripts/coverage/observations.ts";
import { printCoverage } from "../../scripts/coverage/print.ts";
import { count, measure } from "../../scripts/coverage/table.ts";
import type { Facts } from "../../scripts/generate/facts.ts";
import { corrections } from "../../spec/corrections.ts";
import { coverageHoles, neverSucceeded } from "../../spec/coverage-holes.ts";

const facts: Facts = JSON.parse(readFileSync(new URL("../../spec/engine-api.json", import.meta.url), "utf8"));
const answers = documentedAnswers(facts, corrections);
const [excuse = { operation: "", because: "" }] = neverSucceeded;

/** Every answer, as one engine gave it. */
const all = answers.map(({ operation, status }) => seen("Docker 28.5.2", operation, status));
/** What a run may see at best: not what has an excuse. */
const best = all.filter(({ operation }) => !neverSucceeded.some((one) => one.operation === operation));

function seen(engine: string, operation: string, status: number): Observation {
  return { engine, operation, status, count: 1, bodies: [] };
}

function isSame(one: Observation, other: Observation): boolean {
  return one.engine === other.engine && one.operation === other.operation && one.status === other.status;
}

function isOfficial(operation: string, status: number): boolean {
  return answers.some((answer) => answer.official && answer.operation === operation && answer.status === status);
}

function problemsOf(observations: readonly Observation[]): readonly string[] {
  return measure(answers, observations, coverageHoles, neverSucceeded).problems;
}

describe("what the tests must see", () => {
  test("is well when all was seen that has no excuse", () => {
    assert.deepEqual(problemsOf(best), []);
  });

  test("is a success of every operation on a real engine", () => {
    const without = best.filter(({ operation, status }) => operation !== "ContainerList" || status !== 200);
    const never = "ContainerList never succeeded on a real engine";
    assert.ok(problemsOf(without).includes(never));
    assert.ok(problemsOf([...without, seen("none", "ContainerList", 200)]).includes(never));
  });

  test("is no excuse of an operation that succeeded", () => {
    assert.deepEqual(problemsOf(all), [`${excuse.operation} needs no excuse, or is no operation`]);
  });

  test("is a reason for every answer that is missing", () => {
    const found = measure(answers, best, [], []).problems;
    assert.ok(found.includes(`${excuse.operation} 404 NoSuchImage was not seen on Docker 28.5, without a reason`));
  });

  test("is 250 documented answers on real engines", () => {
    const successes = best.filter(({ status }) => status < 400);
    const { rows } = measure(answers, successes, coverageHoles, neverSucceeded);
    const { documented, real } = count(rows);
    assert.equal(documented, 365);
    assert.deepEqual(problemsOf(successes), [`${real} documented answers were seen on real engines; 250 must be`]);
  });

  test("is not what the embedded engine answers, which has a column of its own, the last", () => {
    const embedded = best.map((one) => ({ ...one, engine: "embedded" }));
    const { columns, rows, problems } = measure(answers, [...embedded, ...best], coverageHoles, neverSucceeded);
    assert.deepEqual([columns, problems], [["Docker 28.5", "embedded"], []]);
    const alone = measure(answers, embedded, coverageHoles, neverSucceeded);
    assert.equal(count(rows).real, best.filter(({ operation, status }) => isOfficial(operation, status)).length);
    assert.equal(count(alone.rows).real, 0);
    assert.ok(alone.problems.includes("ContainerList never succeeded on a real engine"));
  });

  test("is told alike, whatever came first and however often", () => {
    const engines = ["Podman 5.4.2", "Docker 28.5.2", "none", "Docker 20.10.24"];
    const some = engines.flatMap((engine, index) =>
      best.filter((_, at) => at % (index + 2) === 0).map((one) => ({ ...one, engine, count: index + 1 })),
    );
    const print = (observations: readonly Observation[]) =>
      printCoverage(measure(answers, observations, coverageHoles, neverSucceeded), ["Docker 28.5.2"]);
    assert.equal(print([...some].reverse()), print(some));
    const chance = seen("Docker 20.10.24", "ImageDelete", 500);
    assert.equal(print([...some, chance]), print(some.filter((one) => !isSame(one, chance))));
    assert.match(print(some), new RegExp(`^- ${excuse.operation}: ${excuse.because}$`, "m"));
  });
});
