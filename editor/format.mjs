// Lays YAML out anew and keeps its comments. Every plain value stays the text that it was: what it means is Kubernetes' business.
import { parseAllDocuments } from "yaml";

export function format(text) {
  const documents = parseAllDocuments(text, { schema: "failsafe", keepSourceTokens: false });
  const broken = documents.flatMap((document) => document.errors)[0];
  if (broken) throw new Error(broken.message.split("\n")[0]);
  const parts = documents.map((document) => {
    document.directives.docStart = null;
    return document.toString({ indent: 2, indentSeq: false, lineWidth: 0, flowCollectionPadding: false, nullStr: "" }).trimEnd();
  });
  return parts.join("\n---\n") + "\n";
}
