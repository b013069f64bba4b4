import type { Parser } from "./parser.ts";
import type { Body, Branch, CaseItem, Word } from "./syntax.ts";

/** Reads a command that consists of others; undefined if none begins here. */
export function parseCompound(parser: Parser): Body | undefined {
  if (parser.scanner.take("(")) {
    const script = parser.body();
    parser.expect(")");
    return { kind: "subshell", script };
  }
  if (parser.keyword("{")) {
    const script = parser.body();
    parser.expectKeyword("}");
    return { kind: "group", script };
  }
  if (parser.keyword("if")) return parseIf(parser);
  if (parser.keyword("while")) return parseLoop(parser, "while");
  if (parser.keyword("until")) return parseLoop(parser, "until");
  if (parser.keyword("for")) return parseFor(parser);
  return parser.keyword("case") ? parseCase(parser) : undefined;
}

function parseIf(parser: Parser): Body {
  const branches: Branch[] = [];
  do {
    const condition = parser.body();
    parser.expectKeyword("then");
    branches.push({ condition, script: parser.body() });
    parser.skipLines();
  } while (parser.keyword("elif"));
  const otherwise = parser.keyword("else") ? parser.body() : undefined;
  parser.expectKeyword("fi");
  return { kind: "if", branches, otherwise };
}

function parseLoop(parser: Parser, kind: "while" | "until"): Body {
  const condition = parser.body();
  return { kind, condition, script: parseDo(parser) };
}

function parseDo(parser: Parser): Branch["script"] {
  parser.expectKeyword("do");
  const script = parser.body();
  parser.expectKeyword("done");
  return script;
}

function parseFor(parser: Parser): Body {
  const { scanner } = parser;
  scanner.skipBlanks();
  const name = scanner.match(/[A-Za-z_]\w*/y);
  if (name === "") {
    throw scanner.unexpected();
  }
  parser.skipLines();
  const words = parser.keyword("in") ? wordsOf(parser) : undefined;
  scanner.skipBlanks();
  scanner.take(";");
  return { kind: "for", name, words, script: parseDo(parser) };
}

function wordsOf(parser: Parser): Word[] {
  const words: Word[] = [];
  for (let word = parser.word(); word !== undefined; word = parser.word()) {
    words.push(word);
  }
  return words;
}

function parseCase(parser: Parser): Body {
  const word = parser.word();
  if (word === undefined) {
    throw parser.scanner.unexpected();
  }
  parser.expectKeyword("in");
  const items: CaseItem[] = [];
  for (parser.skipLines(); !parser.keyword("esac"); parser.skipLines()) {
    items.push(parseItem(parser));
  }
  return { kind: "case", word, items };
}

function parseItem(parser: Parser): CaseItem {
  const { scanner } = parser;
  scanner.take("(");
  const patterns: Word[] = [];
  do {
    const pattern = parser.word();
    if (pattern === undefined) {
      throw scanner.unexpected();
    }
    patterns.push(pattern);
    scanner.skipBlanks();
  } while (scanner.take("|"));
  parser.expect(")");
  const script = parser.script();
  scanner.take(";;");
  return { patterns, script };
}
