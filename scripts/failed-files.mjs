// A reporter for Node's test runner: the names of the files in which a test has failed, one on each line.
// biome-ignore lint/style/noDefaultExport: Node takes a module's default export
export default async function* failedFiles(events) {
  const told = new Set();
  for await (const { type, data } of events) {
    if (type === "test:fail" && !told.has(data.file)) {
      told.add(data.file);
      yield `${data.file}\n`;
    }
  }
}
