import { ShellError } from "./control.ts";

/** Where an expression's variables are. */
export interface Variables {
  get(name: string): string;
  set(name: string, value: string): void;
}

const binary: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["|"],
  ["^"],
  ["&"],
  ["==", "!="],
  ["<=", ">=", "<", ">"],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "%"],
];

const operations: Readonly<Record<string, (a: number, b: number) => number>> = {
  "||": (a, b) => Number(a !== 0 || b !== 0),
  "&&": (a, b) => Number(a !== 0 && b !== 0),
  "|": (a, b) => a | b,
  "^": (a, b) => a ^ b,
  "&": (a, b) => a & b,
  "==": (a, b) => Number(a === b),
  "!=": (a, b) => Number(a !== b),
  "<=": (a, b) => Number(a <= b),
  ">=": (a, b) => Number(a >= b),
  "<": (a, b) => Number(a < b),
  ">": (a, b) => Number(a > b),
  "<<": (a, b) => a * 2 ** b,
  ">>": (a, b) => Math.floor(a / 2 ** b),
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => Math.trunc(a / notZero(b)),
  "%": (a, b) => a % notZero(b),
};

/**
 * Calculates an expression of whole numbers, as within `$((…))`. Both sides of `&&`, `||` and `?:` are calculated.
 *
 * @throws ShellError if it is none.
 */
export function calculate(text: string, variables: Variables): number {
  const tokens =
    text.match(/0x[\da-fA-F]+|\d+|[A-Za-z_]\w*|<<=?|>>=?|&&|\|\||\+\+|--|[-+*/%<>=!&|^]=?|[~()?:]|\S/g) ?? [];
  const calculation = new Calculation(tokens, variables);
  return tokens.length === 0 ? 0 : calculation.whole();
}

class Calculation {
  readonly #tokens: readonly string[];
  readonly #variables: Variables;
  #at = 0;

  constructor(tokens: readonly string[], variables: Variables) {
    this.#tokens = tokens;
    this.#variables = variables;
  }

  whole(): number {
    const value = this.#assignment();
    if (this.#at < this.#tokens.length) {
      throw new ShellError("arithmetic syntax error", 2);
    }
    return value;
  }

  #assignment(): number {
    const [name = "", operator = ""] = this.#tokens.slice(this.#at, this.#at + 2);
    if (!/^[A-Za-z_]/.test(name) || !/^(?:<<|>>|[-+*/%&|^])?=$/.test(operator)) {
      return this.#choice();
    }
    this.#at += 2;
    const right = this.#assignment();
    const operation = operations[operator.slice(0, -1)];
    return this.#assign(name, operation === undefined ? right : operation(this.#valueOf(name), right));
  }

  #choice(): number {
    const condition = this.#binary(0);
    if (!this.#take("?")) {
      return condition;
    }
    const yes = this.#assignment();
    this.#expect(":");
    const no = this.#assignment();
    return condition === 0 ? no : yes;
  }

  #binary(level: number): number {
    const operators = binary[level];
    if (operators === undefined) {
      return this.#unary();
    }
    let value = this.#binary(level + 1);
    for (;;) {
      const operator = this.#tokens[this.#at] ?? "";
      const operation = operators.includes(operator) ? operations[operator] : undefined;
      if (operation === undefined) return value;
      this.#at += 1;
      value = operation(value, this.#binary(level + 1));
    }
  }

  #unary(): number {
    if (this.#take("-")) return -this.#unary();
    if (this.#take("+")) return this.#unary();
    if (this.#take("!")) return Number(this.#unary() === 0);
    if (this.#take("~")) return ~this.#unary();
    if (this.#take("(")) {
      const value = this.#assignment();
      this.#expect(")");
      return value;
    }
    const step = this.#take("++") ? 1 : this.#take("--") ? -1 : 0;
    const token = this.#tokens[this.#at] ?? "";
    this.#at += 1;
    if (/^\d/.test(token)) return toNumber(token);
    if (!/^[A-Za-z_]/.test(token)) throw new ShellError("arithmetic syntax error", 2);
    return step === 0 ? this.#postfix(token) : this.#assign(token, this.#valueOf(token) + step);
  }

  #postfix(name: string): number {
    const value = this.#valueOf(name);
    const step = this.#take("++") ? 1 : this.#take("--") ? -1 : 0;
    if (step !== 0) {
      this.#assign(name, value + step);
    }
    return value;
  }

  #valueOf(name: string): number {
    return toNumber(this.#variables.get(name) || "0");
  }

  #assign(name: string, value: number): number {
    this.#variables.set(name, String(value));
    return value;
  }

  #take(token: string): boolean {
    const found = this.#tokens[this.#at] === token;
    this.#at += Number(found);
    return found;
  }

  #expect(token: string): void {
    if (!this.#take(token)) {
      throw new ShellError("arithmetic syntax error", 2);
    }
  }
}

function toNumber(text: string): number {
  const number = /^-?0[0-7]+$/.test(text.trim()) ? Number.parseInt(text, 8) : Number(text);
  if (!Number.isInteger(number)) {
    throw new ShellError("arithmetic syntax error", 2);
  }
  return number;
}

function notZero(number: number): number {
  if (number === 0) {
    throw new ShellError("divide by zero", 2);
  }
  return number;
}
