// Reads a JSON array of Kubernetes objects from standard input and checks each against the published schemas: values by the validators,
// unknown names by the compiler (the schemas themselves let them pass). Prints what is wrong; exit code 1 where something is.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const objects = JSON.parse(readFileSync(0, "utf8"));
const modules = object => {
  const owner = object.apiVersion.startsWith("monitoring.coreos.com/") ? "@kubernetes-models/prometheus-operator" : "kubernetes-models";
  return `${owner}/${object.apiVersion}/${object.kind}`;
};
const wrong = [];
const lines = [];
for (const [index, object] of objects.entries()) {
  const name = `${object.kind} ${object.metadata?.name}`;
  // Kustomize breaks long base64 into lines, which the API server takes and the validator does not.
  for (const key of object.kind === "Secret" ? Object.keys(object.data ?? {}) : []) object.data[key] = object.data[key].replaceAll("\n", "");
  try {
    const type = (await import(modules(object)))[object.kind];
    new type(object).validate();
  } catch (error) {
    wrong.push(`${name}: ${error.message}`);
  }
  lines.push(`import type { I${object.kind} as T${index} } from ${JSON.stringify(modules(object))}; export const o${index}: T${index} = ${JSON.stringify(object)};`);
}

const folder = mkdtempSync(join(import.meta.dirname, "node_modules", ".check-"));
try {
  const file = join(folder, "objects.ts");
  writeFileSync(file, lines.join("\n"));
  const program = ts.createProgram([file], {
    noEmit: true, strict: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext,
  });
  for (const found of ts.getPreEmitDiagnostics(program)) {
    const line = found.file ? found.file.getLineAndCharacterOfPosition(found.start).line : 0;
    wrong.push(`${objects[line]?.kind} ${objects[line]?.metadata?.name}: ${ts.flattenDiagnosticMessageText(found.messageText, "\n")}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}

wrong.forEach(text => console.log(text));
process.exit(wrong.length === 0 ? 0 : 1);
