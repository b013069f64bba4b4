import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatAge, formatCommand, formatSize, shortId } from "../../src/cli/format.ts";
import { formatInstant } from "../../src/cli/instant.ts";
import { readMoment } from "../../src/cli/moment.ts";
import { formatPorts } from "../../src/cli/ports.ts";
import { printable } from "../../src/cli/printable.ts";
import { formatTable } from "../../src/cli/table.ts";
import { fitText, textWidth } from "../../src/cli/text-width.ts";

describe("sizes", () => {
  for (const [given, want] of [
    [0, "0B"],
    [999, "999B"],
    [1000, "1kB"],
    [4_261_502, "4.26MB"],
    [12_300_000, "12.3MB"],
    [999_499, "999kB"],
    [999_600, "1MB"],
    [2_070_000_000, "2.07GB"],
    [2e21, "2000EB"],
  ] as const) {
    it(`prints ${given} bytes as ${want}`, () => assert.equal(formatSize(given), want));
  }
});

describe("ages", () => {
  const [minute, hour, day] = [60, 3600, 86_400];
  for (const [given, want] of [
    [0, "Less than a second ago"],
    [1, "1 second ago"],
    [59.9, "59 seconds ago"],
    [minute, "About a minute ago"],
    [2 * minute, "2 minutes ago"],
    [59 * minute + 59, "59 minutes ago"],
    [hour, "About an hour ago"],
    [1.6 * hour, "2 hours ago"],
    [47 * hour, "47 hours ago"],
    [2 * day, "2 days ago"],
    [13 * day, "13 days ago"],
    [14 * day, "2 weeks ago"],
    [60 * day, "2 months ago"],
    [729 * day, "24 months ago"],
    [730 * day, "2 years ago"],
    [-5, "Less than a second ago"],
  ] as const) {
    it(`prints ${given} s as ${want}`, () => assert.equal(formatAge(1_700_000_000, 1_700_000_000 + given), want));
  }
  it("has none for what was never created", () => assert.equal(formatAge(0, 5), "N/A"));
});

describe("ports", () => {
  const tcp = (PrivatePort: number, PublicPort?: number, IP?: string) => ({ IP, PrivatePort, PublicPort, Type: "tcp" });
  for (const [name, given, want] of [
    ["none", [], ""],
    ["a private one", [tcp(80)], "80/tcp"],
    ["a published one", [tcp(80, 8080, "0.0.0.0")], "0.0.0.0:8080->80/tcp"],
    ["an IPv6 one", [tcp(80, 8080, "::")], "[::]:8080->80/tcp"],
    ["neighbours", [tcp(81, 8081, "::1"), tcp(80, 8080, "::1")], "[::1]:8080-8081->80-81/tcp"],
    ["neighbours only inside", [tcp(80, 9000), tcp(81, 7000)], "9000->80/tcp, 7000->81/tcp"],
    ["both kinds", [tcp(443), tcp(80, 8080, "0.0.0.0")], "0.0.0.0:8080->80/tcp, 443/tcp"],
    ["protocols apart", [tcp(53), { PrivatePort: 54, Type: "udp" }], "53/tcp, 54/udp"],
  ] as const) {
    it(`prints ${name}`, () => assert.equal(formatPorts(given), want));
  }
});

describe("tables", () => {
  it("align their columns, and end lines without spaces", () => {
    const table = formatTable(
      ["ID", "NAME", "PORTS"],
      [
        ["1", "a-long-name-here", ""],
        ["22", "b", "80/tcp"],
      ],
    );
    const want = [
      "ID        NAME               PORTS",
      "1         a-long-name-here",
      "22        b                  80/tcp",
    ];
    assert.equal(table, `${want.join("\n")}\n`);
  });

  it("align what stands behind wide characters", () => {
    const table = formatTable(
      ["NAME", "TAG"],
      [
        ["日本語の名前", "x"],
        ["plain", "y"],
      ],
    );
    assert.deepEqual(table.split("\n").slice(1, 3), ["日本語の名前   x", "plain          y"]);
  });

  it("show no control characters and no line ends", () => {
    assert.equal(formatTable(["A"], [["x\u001b[31m\ny\u202e"]]), "A\nx[31m y\n");
  });
});

describe("texts", () => {
  it("are as wide as a terminal shows them", () => {
    for (const [text, width] of [
      ["abc", 3],
      ["é", 1],
      ["e\u0301", 1],
      ["日本", 4],
      ["🚀", 2],
      ["", 0],
    ] as const) {
      assert.equal(textWidth(text), width, text);
    }
  });

  it("are cut to fit, wide characters whole", () => {
    assert.equal(fitText("abcdef", 6), "abcdef");
    assert.equal(fitText("abcdefg", 6), "abcde…");
    assert.equal(fitText("日本語", 5), "日本…");
  });

  it("keep their lines and lose what a terminal would obey", () => {
    assert.equal(printable("a\u001b]0;x\u0007\r\nb\u009b"), "a]0;x\nb");
  });

  it("of commands are quoted, and cut unless all is wanted", () => {
    assert.equal(formatCommand('sh -c "a"', false), '"sh -c \\"a\\""');
    assert.equal(formatCommand("x".repeat(21), false), `"${"x".repeat(19)}…"`);
    assert.equal(formatCommand("x".repeat(21), true), `"${"x".repeat(21)}"`);
  });

  it("of ids are short and without the algorithm", () => {
    assert.equal(shortId("sha256:0123456789abcdef"), "0123456789ab");
  });
});

describe("moments", () => {
  it("are printed to the nanosecond, in local time", () => {
    const nanos = 1_629_574_695_515_050_031n;
    assert.equal(formatInstant(nanos, 0), "2021-08-21T19:38:15.515050031Z");
    assert.equal(formatInstant(nanos, 330), "2021-08-22T01:08:15.515050031+05:30");
    assert.equal(formatInstant(1_000_000_007n, -60), "1969-12-31T23:00:01.000000007-01:00");
  });

  it("may be given as durations", () => {
    const now = Date.parse("2024-01-01T12:00:00Z");
    assert.deepEqual(readMoment("1h30m", now), new Date("2024-01-01T10:30:00Z"));
    assert.deepEqual(readMoment("1.5s", now), new Date(now - 1500));
    for (const other of [undefined, "1700000000", "2024-01-01T00:00:00Z", "10 m", "m"]) {
      assert.equal(readMoment(other, now), other);
    }
  });
});
