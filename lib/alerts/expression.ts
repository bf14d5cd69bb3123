export type Tree =
  | { op: "name"; name: string }
  | { op: "not"; of: Tree }
  | { op: "and" | "or"; left: Tree; right: Tree };

export type Parsed = { tree: Tree; names: string[] } | { message: string };

const TOKEN = /\s*(?:(&&|\|\||[!()])|([a-z][a-z0-9_]*)|(\S+))/y;

/** Of names with `&&`, `||`, `!` and parentheses; `!` binds closest, then `&&`. */
export function parseExpression(text: string): Parsed {
  const tokens = tokensOf(text);
  const names: string[] = [];
  let at = 0;
  const fail = (wanted: string): never => {
    const token = tokens[at];
    const found = token ? `\`${token.text}\` at character ${token.at + 1}` : "the end";
    throw new SyntaxError(`expected ${wanted}, found ${found}`);
  };
  const takes = (token: string): boolean => {
    if (tokens[at]?.text !== token) return false;
    at++;
    return true;
  };
  const binary = (op: "and" | "or", sign: string, part: () => Tree) => (): Tree => {
    let left = part();
    while (takes(sign)) left = { op, left, right: part() };
    return left;
  };
  const unary = (): Tree => {
    if (takes("!")) return { op: "not", of: unary() };
    if (takes("(")) {
      const inner = either();
      return takes(")") ? inner : fail("`)`");
    }
    const token = tokens[at];
    if (!token?.isName) return fail("a rule's name, `!` or `(`");
    at++;
    if (!names.includes(token.text)) names.push(token.text);
    return { op: "name", name: token.text };
  };
  const both = binary("and", "&&", unary);
  const either = binary("or", "||", both);
  try {
    const tree = either();
    return at < tokens.length ? fail("`&&`, `||` or the end") : { tree, names };
  } catch (error) {
    if (error instanceof SyntaxError) return { message: error.message };
    throw error;
  }
}

type Token = { text: string; at: number; isName: boolean };

function tokensOf(text: string): Token[] {
  return [...text.trimEnd().matchAll(new RegExp(TOKEN, "gy"))].map((match) => {
    const [whole, sign, name, strange] = match;
    const token = sign ?? name ?? strange ?? "";
    return {
      text: token,
      at: match.index + whole.length - token.length,
      isName: name !== undefined,
    };
  });
}

export function isTrue(tree: Tree, holds: (name: string) => boolean): boolean {
  switch (tree.op) {
    case "name":
      return holds(tree.name);
    case "not":
      return !isTrue(tree.of, holds);
    case "and":
      return isTrue(tree.left, holds) && isTrue(tree.right, holds);
    case "or":
      return isTrue(tree.left, holds) || isTrue(tree.right, holds);
  }
}
