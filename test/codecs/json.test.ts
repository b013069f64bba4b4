import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseJson } from "../../src/codecs/json.ts";
import { JsonError } from "../../src/errors/json-error.ts";

const bigints = ["timeNano", "size"];
const parse = (text: string) => parseJson<unknown>(Buffer.from(text), { bigints });

function errorOf(bytes: Uint8Array, options: Parameters<typeof parseJson>[1] = {}): JsonError {
  try {
    parseJson(bytes, options);
  } catch (error) {
    assert.ok(error instanceof JsonError);
    return error;
  }
  throw new assert.AssertionError({ message: "It was parsed" });
}

describe("parseJson", () => {
  it("gives any JSON value back", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        assert.deepEqual(parseJson(Buffer.from(text)), JSON.parse(text));
      }),
    );
  });

  it("throws at what is not JSON, keeping the status and the bytes, and quotes none of them", () => {
    const page = Buffer.from("<html>502 Bad Gateway</html>");
    const context = { operation: "ContainerList", method: "GET", path: "/v1.47/containers/json" };
    const error = errorOf(page, { status: 200, context });
    assert.equal(error.status, 200);
    assert.deepEqual(Buffer.from(error.bytes), page);
    assert.equal(error.position, 0);
    assert.ok(error.cause instanceof SyntaxError);
    assert.equal(error.message, "The engine's answer is not JSON (ContainerList, GET /v1.47/containers/json)");
  });

  it("throws at every truncation of a document", () => {
    const bytes = Buffer.from('{"Id":"é","n":[1,true,null]}');
    for (let length = 0; length < bytes.length; length += 1) {
      errorOf(bytes.subarray(0, length));
    }
  });

  it("throws at bytes that are not UTF-8", () => {
    const error = errorOf(Buffer.from('"\xff"', "latin1"));
    assert.match(error.message, /not UTF-8/);
    assert.deepEqual([...error.bytes], [0x22, 0xff, 0x22]);
  });

  it("keeps a copy of at most 64 KiB", () => {
    const body = Buffer.alloc(100_000, "x");
    const { bytes } = errorOf(body);
    assert.equal(bytes.length, 65_536);
    assert.notEqual(bytes.buffer, body.buffer);
    assert.equal(bytes.buffer.byteLength, 65_536);
  });

  it("meets garbage with a value or a typed error", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        try {
          parseJson(bytes, { bigints });
        } catch (error) {
          assert.ok(error instanceof JsonError);
        }
      }),
    );
  });
});

describe("parseJson with keys of 64-bit integers", () => {
  it("knows one key's integers in texts of every shape, short ways or not", () => {
    const exact = 1629574695515050031n;
    const one = (text: string) => parseJson<unknown>(Buffer.from(text), { bigints: ["timeNano"] });
    const big = "1629574695515050031";
    const shapes: readonly (readonly [text: string, value: unknown])[] = [
      [`{"a":1,"timeNano":${big}}`, { a: 1, timeNano: exact }],
      [`{"timeNano":-${big},"a":1}`, { timeNano: -exact, a: 1 }],
      [`{"timeNano" : ${big} }`, { timeNano: exact }],
      [`{"timeNano":${big},"b":{"timeNano" :${big}}}`, { timeNano: exact, b: { timeNano: exact } }],
      [`{"b":{"timeNano":${big}}}`, { b: { timeNano: exact } }],
      [`{"timeNano":"${big}"}`, { timeNano: big }],
      [`{"timeNano":1.5,"c":"timeNano"}`, { timeNano: 1.5, c: "timeNano" }],
      [`{"timeNano":1e3}`, { timeNano: 1000 }],
      [`{"timeNano":null}`, { timeNano: null }],
      [`{"anotherNano":${big}}`, { anotherNano: Number(big) }],
      [`{"a":"\\"timeNano\\":5","timeNano":7}`, { a: '"timeNano":5', timeNano: 7n }],
      [`["timeNano",${big}]`, ["timeNano", Number(big)]],
    ];
    for (const [text, value] of shapes) {
      assert.deepEqual(one(text), value, text);
    }
    assert.throws(() => one('{"timeNano":-}'), JsonError);
  });

  it("gives their integers exactly, wherever the keys stand", () => {
    assert.deepEqual(parse('{"timeNano":1629574695515050031,"a":[{"size": -18446744073709551615}],"n":1}'), {
      timeNano: 1629574695515050031n,
      a: [{ size: -18446744073709551615n }],
      n: 1,
    });
  });

  it("gives a bigint for small integers too", () => {
    assert.deepEqual(parse('{"timeNano":0,"size":7}'), { timeNano: 0n, size: 7n });
  });

  it("recognises a key with white space around it, or written with escapes", () => {
    assert.deepEqual(parse('{ "timeNano" :\r\n\t 5 , "si\\u007Ae":6\n}'), { timeNano: 5n, size: 6n });
    assert.deepEqual(parse('{"\\u0074imeNano":"text","\\u006eumber":1}'), { timeNano: "text", number: 1 });
  });

  it("leaves other values of these keys as they are", () => {
    const text = '{"a":{"timeNano":1.5},"b":{"timeNano":1e3},"c":{"timeNano":null},"d":{"timeNano":[1,"x"]}}';
    assert.deepEqual(parse(text), JSON.parse(text));
    const strings = '{"a":{"timeNano":"123"},"b":{"timeNano":"i123"},"c":{"timeNano":"s"},"d":{"timeNano":""}}';
    assert.deepEqual(parse(strings), JSON.parse(strings));
  });

  it("never touches text inside strings", () => {
    for (const string of [
      '"timeNano":12 ',
      '{"timeNano":12}',
      '\\"timeNano":12,',
      'x "timeNano',
      "timeNano",
      ':"timeNano":1}',
      '\\\\"timeNano":"5"',
    ]) {
      assert.deepEqual(parse(JSON.stringify({ a: string })), { a: string });
      assert.deepEqual(parse(JSON.stringify({ [string]: 5, size: string })), {
        [string]: string === "timeNano" ? 5n : 5,
        size: string,
      });
      assert.deepEqual(parse(JSON.stringify([string, string])), [string, string]);
    }
  });

  it("gives any document back but for these integers", () => {
    const key = fc.constantFrom("timeNano", "size", "a", 'x "timeNano', '\\"size', "");
    const text = fc.constantFrom('"timeNano":1,', "timeNano", "i5", "s", '","size":2,"', "\\");
    const document = fc.letrec((tie) => ({
      value: fc.oneof(
        fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }),
        text,
        fc.boolean(),
        tie("object"),
        tie("array"),
      ),
      object: fc.dictionary(key, tie("value"), { maxKeys: 4 }),
      array: fc.array(tie("value"), { maxLength: 3 }),
    })).value;
    fc.assert(
      fc.property(document, (value) => {
        assert.deepEqual(parse(write(value)), rounded(value));
      }),
      { numRuns: 500 },
    );
  });

  it("gives bigints only inside the object that a key names, and everything else as JSON does", () => {
    const own = ["pids_stats.limit", "timeNano"];
    const text =
      '{"limit":9223372036854771712,"pids_stats":{"current":1,"limit":18446744073709551615,"a":{"limit":1}},' +
      '"memory_stats":{"limit":-0,"timeNano":2},"b":[{"pids_stats":[{"limit":3},{"limit":"i4"}]}]}';
    assert.deepEqual(parseJson(Buffer.from(text), { bigints: own }), {
      limit: Number(9223372036854771712n),
      pids_stats: { current: 1, limit: 18446744073709551615n, a: { limit: 1 } },
      memory_stats: { limit: -0, timeNano: 2n },
      b: [{ pids_stats: [{ limit: 3n }, { limit: "i4" }] }],
    });
  });

  it("refuses what JSON refuses", () => {
    for (const text of ['{"timeNano":007}', '{"timeNano":1x}', '{"timeNano":-}', '{"timeNano":1', '{"timeNano":"a}']) {
      assert.throws(() => parse(text), JsonError, text);
    }
    assert.throws(() => parse('{"timeNano":\u00a05}'), JsonError);
  });

  it("takes the last of two members with the same key, as JSON does", () => {
    assert.deepEqual(parse('{"size":1,"size":2,"a":{"size":3}}'), { size: 2n, a: { size: 3n } });
  });

  it("reads a large document without recursion", () => {
    const depth = 5000;
    const nested = `${'{"a":['.repeat(depth)}{"size":1}${"]}".repeat(depth)}`;
    const wide = `[${"1,".repeat(300_000)}{"size":1}]`;
    assert.equal((parse(wide) as unknown[]).length, 300_001);
    assert.doesNotThrow(() => parse(nested));
  });
});

/** JSON with bigints as integers. */
function write(value: unknown): string {
  if (typeof value === "bigint") {
    return value.toString();
  }
  if (Array.isArray(value)) {
    return `[${value.map(write).join(",")}]`;
  }
  if (typeof value === "object" && value !== null) {
    return `{${Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${write(member)}`)}}`;
  }
  return JSON.stringify(value);
}

/** The document with the integers of other keys as numbers. */
function rounded(value: unknown, key = ""): unknown {
  if (typeof value === "bigint") {
    return bigints.includes(key) ? value : Number(value);
  }
  if (Array.isArray(value)) {
    return value.map((member) => rounded(member));
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, rounded(member, name)]));
  }
  return value;
}
